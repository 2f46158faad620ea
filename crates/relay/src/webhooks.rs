//! Webhooks: a system of the site hears events over HTTP, signed as Standard Webhooks says.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use reqwest::{
    Client, StatusCode,
    header::{CONTENT_TYPE, USER_AGENT},
};
use saoma_domain::{
    account::{Account, Identity},
    event::{Event, EventId, EventKind, EventKinds},
    ports::{Accounts, Clock, EventError, Events, StoreError},
    time::Timestamp,
    wechat::RawUnionId,
};
use saoma_trace::{Callee, send};
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::Url;

use crate::{
    WebhookSecret,
    http::{HttpRelayError, address, client, kind_of},
};

/// How long a receiver may take for its answer.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Something about a person that a webhook is told only where its configuration says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataField {
    /// The whole phone number of the account.
    Phone,
    /// The person within the app.
    OpenId,
    /// The person within the open-platform account.
    UnionId,
    /// The name in WeChat.
    Nickname,
    /// Where the picture is.
    AvatarUrl,
    /// What the person wrote; only of `wechat.event`.
    Text,
}

impl DataField {
    /// All fields, with the names that the configuration uses.
    pub const ALL: [(&'static str, Self); 6] = [
        ("phone", Self::Phone),
        ("openid", Self::OpenId),
        ("unionid", Self::UnionId),
        ("nickname", Self::Nickname),
        ("avatar_url", Self::AvatarUrl),
        ("text", Self::Text),
    ];
}

/// A webhook of the configuration.
#[derive(Clone, Debug)]
pub struct WebhookTarget {
    /// Where it is called.
    pub url: Url,
    /// What its messages are signed with.
    pub secret: WebhookSecret,
    /// What it hears.
    pub kinds: EventKinds,
    /// What it is told of persons.
    pub data_fields: Vec<DataField>,
}

/// A webhook that is called over HTTP.
pub struct HttpWebhook {
    client: Client,
    target: WebhookTarget,
    accounts: Arc<dyn Accounts>,
    clock: Arc<dyn Clock>,
}

impl HttpWebhook {
    /// Makes a webhook. What it is told of persons is read from the accounts when it is told.
    ///
    /// # Errors
    /// [`HttpRelayError`] when there is no usable TLS set-up.
    pub fn new(
        target: WebhookTarget,
        accounts: Arc<dyn Accounts>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, HttpRelayError> {
        let client = client(TIME_LIMIT, target.url.scheme() == "https")?;
        Ok(Self { client, target, accounts, clock })
    }

    /// Makes the body of the message that tells an event.
    async fn body(&self, event: &Event) -> Result<String, StoreError> {
        let mut data = Map::new();
        if let Some(id) = event.account {
            let account = self.accounts.account(id).await?;
            data.insert("account".to_owned(), self.account(&id.to_string(), account.as_ref()));
        }
        if let Some(id) = event.identity {
            let identity = match self.tells_of_identities() {
                true => self.accounts.identity(id).await?,
                false => None,
            };
            data.insert("identity".to_owned(), self.identity(&id.to_string(), event, identity));
        }
        if let Some(session) = event.session {
            data.insert("session".to_owned(), json!({ "id": session.to_string() }));
        }
        if let Some(login) = event.login {
            data.insert("login".to_owned(), json!({ "id": login.to_string() }));
        }
        self.add_detail(event, &mut data);
        Ok(json!({ "type": event.kind.as_str(), "timestamp": rfc3339(event.at), "data": data }).to_string())
    }

    fn tells(&self, field: DataField) -> bool {
        self.target.data_fields.contains(&field)
    }

    fn tells_of_identities(&self) -> bool {
        use DataField::{AvatarUrl, Nickname, OpenId, UnionId};
        [OpenId, UnionId, Nickname, AvatarUrl].into_iter().any(|field| self.tells(field))
    }

    fn account(&self, id: &str, account: Option<&Account>) -> Value {
        let mut told = Map::from_iter([("id".to_owned(), json!(id))]);
        let external_id = account.and_then(|account| account.external_id.as_ref());
        if let Some(id) = external_id {
            told.insert("external_id".to_owned(), json!(id.as_str()));
        }
        let phone = account.and_then(|account| account.phone.as_ref());
        if let Some(phone) = phone.filter(|_| self.tells(DataField::Phone)) {
            told.insert("phone".to_owned(), json!(phone.e164()));
        }
        Value::Object(told)
    }

    fn identity(&self, id: &str, event: &Event, identity: Option<Identity>) -> Value {
        let mut told = Map::from_iter([("id".to_owned(), json!(id))]);
        let mut tell = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                told.insert(name.to_owned(), Value::String(value));
            }
        };
        tell("app", event.app.as_ref().or(identity.as_ref().map(|it| &it.app)).map(ToString::to_string));
        if let Some(identity) = identity {
            let when = |field, value: Option<String>| value.filter(|_| self.tells(field));
            tell("openid", when(DataField::OpenId, Some(identity.openid.to_string())));
            let union = identity.union.map(|union| RawUnionId::to_string(&union.unionid));
            tell("unionid", when(DataField::UnionId, union));
            tell("nickname", when(DataField::Nickname, identity.profile.nickname));
            tell("avatar_url", when(DataField::AvatarUrl, identity.profile.avatar_url));
        }
        Value::Object(told)
    }

    /// Adds what a kind of event has to say besides.
    fn add_detail(&self, event: &Event, data: &mut Map<String, Value>) {
        let Some(detail) = &event.detail else { return };
        let (name, value) = match event.kind {
            EventKind::AccountUpdated => {
                ("changed", Value::Array(detail.split(',').map(|field| json!(field)).collect()))
            }
            EventKind::AccountMerged | EventKind::AccountUnmerged => ("from", json!({ "id": detail })),
            EventKind::WechatEvent => ("event", self.wechat_event(detail)),
            EventKind::AuditHead => {
                let (seq, hash) = detail.split_once(' ').unwrap_or_default();
                ("head", json!({ "seq": seq.parse::<u64>().unwrap_or_default(), "hash": hash }))
            }
            EventKind::AccountCreated
            | EventKind::AccountDisabled
            | EventKind::AccountEnabled
            | EventKind::AccountErased
            | EventKind::IdentityLinked
            | EventKind::IdentityUnlinked
            | EventKind::IdentityFollowed
            | EventKind::IdentityUnfollowed
            | EventKind::IdentityRevoked
            | EventKind::SessionCreated
            | EventKind::SessionEnded
            | EventKind::LoginDenied
            | EventKind::LoginSuspected
            | EventKind::OidcLogout => ("reason", json!(detail)),
        };
        data.insert(name.to_owned(), value);
    }

    fn wechat_event(&self, detail: &str) -> Value {
        let Ok(Value::Object(mut event)) = serde_json::from_str(detail) else { return Value::Null };
        for (name, field) in [("openid", DataField::OpenId), ("text", DataField::Text)] {
            if !self.tells(field) {
                event.remove(name);
            }
        }
        Value::Object(event)
    }
}

#[async_trait]
impl Events for HttpWebhook {
    fn kinds(&self) -> EventKinds {
        self.target.kinds
    }

    fn address(&self) -> String {
        address(&self.target.url)
    }

    async fn hear(&self, id: EventId, event: &Event) -> Result<(), EventError> {
        let body = self.body(event).await.map_err(|error| EventError::passing(error.to_string()))?;
        // The number alone would be known again where a database is begun anew.
        let id = format!("msg_{}_{}", event.at.as_millis(), id);
        let timestamp = self.clock.now().as_secs();
        let signature = self.target.secret.sign(&id, timestamp, &body);
        let failed = |what: &str| format!("{} {what}", address(&self.target.url));
        let request = self
            .client
            .post(self.target.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "saoma")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(body);
        let answer = send(request, "webhook", Callee::Own).await;
        let answer = answer.map_err(|error| EventError::passing(failed(&kind_of(&error, TIME_LIMIT))))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let reason = failed(&format!("answered {}", status.as_u16()));
        Err(EventError { reason, is_final: status == StatusCode::GONE })
    }
}

/// Returns a moment as RFC 3339 in UTC, in milliseconds.
fn rfc3339(at: Timestamp) -> String {
    let nanos = i128::from(at.as_millis()) * 1_000_000;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}
