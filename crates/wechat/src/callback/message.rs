//! A message of WeChat that passed every check.

use std::fmt;
use std::sync::Arc;

use saoma_domain::message::MessageId;
use saoma_domain::wechat::{AppName, OpenId};

use super::aes_key::AesKey;
use super::fields::{CallbackFormat, Damage, Fields};
use super::refused::CallbackRefused;

/// WeChat makes no QR code with a longer scene.
const MAX_SCENE_CHARS: usize = 64;
const SCENE_PREFIX: &str = "qrscene_";

/// What a message says.
///
/// The case of an event's name does not matter: WeChat writes `subscribe` but `SCAN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// The person follows the account from now on.
    Subscribe {
        /// The scene of the QR code that led there, without WeChat's prefix `qrscene_`; `None` when the
        /// person came another way.
        scene: Option<String>,
    },
    /// A follower scanned a QR code.
    Scan {
        /// The scene of the code as it was made, at most 64 characters.
        scene: String,
    },
    /// The person no longer follows the account.
    Unsubscribe,
    /// The person chose a menu entry.
    Click {
        /// The key of the entry; never a scene.
        key: String,
    },
    /// The person opened the page of a menu entry.
    View {
        /// The address of the page; never a scene.
        url: String,
    },
    /// A person took back what they allowed the app to know, or WeChat knows them by another profile now. The sender is
    /// WeChat's platform.
    AuthorizationChanged {
        /// The person (`OpenID`).
        openid: OpenId,
        /// Whether the authorization is gone; else only the profile changed.
        is_revoked: bool,
        /// The name of the event.
        name: String,
    },
    /// The phone reported its place, which is not kept.
    Location,
    /// The person wrote a text.
    Text {
        /// The text.
        content: String,
    },
    /// Anything else.
    Other {
        /// The name of the event, or the type of the message.
        name: String,
        /// What the event is about (`EventKey`); empty where WeChat does not say.
        key: String,
    },
}

/// A message that WeChat sent to this app within the last five minutes.
///
/// Only [`CallbackCodec::open`](super::CallbackCodec::open) makes one, so a function that takes one need not
/// check it again. It may be a repetition.
#[derive(Clone)]
pub struct VerifiedMessage {
    from: OpenId,
    to: String,
    create_time: i64,
    msg_id: Option<String>,
    kind: MessageKind,
    is_damaged: bool,
    seal: Seal,
}

/// The form in which a message came, and its answer goes back.
#[derive(Clone)]
pub(super) struct Seal {
    pub(super) format: CallbackFormat,
    /// The nonce of the request.
    pub(super) nonce: String,
    /// The key that opened it, where it was encrypted.
    pub(super) key: Option<Arc<AesKey>>,
}

impl VerifiedMessage {
    /// Reads the fields of a body whose signatures were checked.
    pub(super) fn read(fields: &Fields<'_>, seal: Seal) -> Result<Self, CallbackRefused> {
        let from = OpenId::parse(fields.require("FromUserName")?).map_err(|_| CallbackRefused::Malformed)?;
        let create_time = fields.require("CreateTime")?.parse().map_err(|_| CallbackRefused::Malformed)?;
        Ok(Self {
            from,
            to: fields.require("ToUserName")?.to_owned(),
            create_time,
            msg_id: fields.get("MsgId").filter(|id| !id.is_empty()).map(str::to_owned),
            kind: read_kind(fields)?,
            is_damaged: fields.damage() != Damage::None,
            seal,
        })
    }

    /// Returns who sent the message (`FromUserName`): mostly the person whom it is about.
    pub fn from(&self) -> &OpenId {
        &self.from
    }

    /// Returns the person whom the message is about, who is not always its sender.
    pub fn person(&self) -> &OpenId {
        match &self.kind {
            MessageKind::AuthorizationChanged { openid, .. } => openid,
            MessageKind::Subscribe { .. }
            | MessageKind::Scan { .. }
            | MessageKind::Unsubscribe
            | MessageKind::Click { .. }
            | MessageKind::View { .. }
            | MessageKind::Location
            | MessageKind::Text { .. }
            | MessageKind::Other { .. } => &self.from,
        }
    }

    /// Returns the time of the event, in Unix seconds of WeChat's clock.
    pub fn create_time(&self) -> i64 {
        self.create_time
    }

    /// Returns WeChat's number of the message, the same in each repetition; events have none.
    pub fn msg_id(&self) -> Option<&str> {
        self.msg_id.as_deref()
    }

    /// Returns the id by which a repetition is known. WeChat says to tell messages apart by `MsgId`, and events by
    /// `FromUserName` and `CreateTime`; two events of one person within a second are told apart by what they say.
    pub fn id(&self, app: &AppName) -> MessageId {
        let from = self.from.as_str().as_bytes();
        if let Some(msg_id) = &self.msg_id {
            return MessageId::of(app, &[b"message", from, msg_id.as_bytes()]);
        }
        let (name, key) = match &self.kind {
            MessageKind::Subscribe { scene } => ("subscribe", scene.as_deref().unwrap_or_default()),
            MessageKind::Scan { scene } => ("scan", scene.as_str()),
            MessageKind::Unsubscribe => ("unsubscribe", ""),
            MessageKind::Click { key } => ("click", key.as_str()),
            MessageKind::View { url } => ("view", url.as_str()),
            MessageKind::AuthorizationChanged { openid, name, .. } => (name.as_str(), openid.as_str()),
            MessageKind::Location => ("location", ""),
            MessageKind::Text { content } => ("text", content.as_str()),
            MessageKind::Other { name, key } => (name.as_str(), key.as_str()),
        };
        let at = self.create_time.to_be_bytes();
        MessageId::of(app, &[b"event", from, &at, name.as_bytes(), key.as_bytes()])
    }

    /// Returns what the message says.
    pub fn kind(&self) -> &MessageKind {
        &self.kind
    }

    /// Returns whether texts of it were broken and are read as far as they can be.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Returns whether the answer is JSON.
    pub fn is_json(&self) -> bool {
        self.seal.format == CallbackFormat::Json
    }

    /// Returns whether WeChat's signature covers what it says.
    pub fn is_signed(&self) -> bool {
        self.seal.key.is_some()
    }

    /// Returns the account that WeChat sent it to (`ToUserName`, `gh_…`).
    pub(super) fn to(&self) -> &str {
        &self.to
    }

    pub(super) fn seal(&self) -> &Seal {
        &self.seal
    }
}

impl fmt::Debug for VerifiedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedMessage")
            .field("from", &self.from)
            .field("create_time", &self.create_time)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

fn read_kind(fields: &Fields<'_>) -> Result<MessageKind, CallbackRefused> {
    let text = |name| fields.get(name).unwrap_or_default().to_owned();
    let msg_type = fields.require("MsgType")?;
    match msg_type.to_ascii_lowercase().as_str() {
        "text" => return Ok(MessageKind::Text { content: text("Content") }),
        "event" => {}
        _ => return Ok(MessageKind::Other { name: msg_type.to_owned(), key: String::new() }),
    }
    let event = fields.require("Event")?;
    let lower = event.to_ascii_lowercase();
    Ok(match lower.as_str() {
        "subscribe" => {
            // Strip it once and only here: a scene may itself begin with the prefix.
            let scene = fields.get("EventKey").and_then(|key| key.strip_prefix(SCENE_PREFIX));
            let scene = scene.filter(|scene| !scene.is_empty()).map(checked_scene).transpose()?;
            MessageKind::Subscribe { scene }
        }
        "scan" => MessageKind::Scan { scene: checked_scene(fields.get("EventKey").unwrap_or_default())? },
        "unsubscribe" => MessageKind::Unsubscribe,
        "click" => MessageKind::Click { key: text("EventKey") },
        "view" => MessageKind::View { url: text("EventKey") },
        "location" => MessageKind::Location,
        "user_authorization_revoke" | "user_authorization_cancellation" | "user_info_modified" => {
            let openid = OpenId::parse(fields.require("OpenID")?).map_err(|_| CallbackRefused::Malformed)?;
            let is_revoked = lower != "user_info_modified";
            MessageKind::AuthorizationChanged { openid, is_revoked, name: event.to_owned() }
        }
        _ => MessageKind::Other { name: event.to_owned(), key: text("EventKey") },
    })
}

fn checked_scene(scene: &str) -> Result<String, CallbackRefused> {
    if scene.chars().count() > MAX_SCENE_CHARS {
        return Err(CallbackRefused::Malformed);
    }
    Ok(scene.to_owned())
}
