//! Sends events to the service behind an account, as WeChat does.

mod http_client;
mod reply;

use std::collections::BTreeMap;
use std::time::Duration;

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{CallbackFormat, CallbackQuery, CallbackSender, Push};
use url::Url;

use crate::apps::OfficialAccount;
use crate::config::SandboxConfig;
use crate::error::SandboxError;
use crate::shared_state::SharedState;
use crate::state::{Attempt, Delivery, DeliveryOutcome, Event, openid};

use http_client::{HttpClient, Received};

/// WeChat's end of the callbacks of all accounts.
#[derive(Debug)]
pub(crate) struct CallbackClient {
    senders: BTreeMap<String, CallbackSender>,
    pub(crate) http: HttpClient,
}

/// Timestamp and nonce of one attempt.
#[derive(Clone)]
struct Stamp {
    at: Timestamp,
    nonce: String,
}

impl Stamp {
    fn now(shared: &SharedState) -> Self {
        Self { at: Timestamp::from_secs(shared.now()), nonce: shared.random.nonce() }
    }
}

/// Draws how long an event is under way.
fn under_way(shared: &SharedState) -> Duration {
    let (least, most) = shared.config.delivery.under_way;
    if most.is_zero() {
        return least;
    }
    let share = u32::from(u16::from_be_bytes(shared.random.bytes()));
    least + most.saturating_sub(least) * share / u32::from(u16::MAX)
}

impl CallbackClient {
    pub(crate) fn new(config: &SandboxConfig) -> Result<Self, SandboxError> {
        let senders = config.accounts.iter().map(|account| Ok((account.name.clone(), account.sender()?)));
        Ok(Self { senders: senders.collect::<Result<_, SandboxError>>()?, http: HttpClient::new()? })
    }

    /// Sends one event until an answer has status 200 or the attempts are used up.
    pub(crate) async fn deliver(
        &self,
        shared: &SharedState,
        url: &Url,
        event: &Event,
    ) -> Result<Delivery, SandboxError> {
        let account = shared.account(&event.account)?;
        let sender = self.sender(account)?;
        let openid = openid(&account.app_id, &event.person);
        // Drawn once, so that the encrypted body stays the same over all attempts.
        let random = shared.random.bytes();
        let policy = &shared.config.delivery;
        tokio::time::sleep(under_way(shared)).await;
        let mut stamp = Stamp::now(shared);
        let mut attempts = Vec::new();
        for number in 0..policy.attempts {
            if number > 0 {
                tokio::time::sleep(policy.retry_delay).await;
                if policy.fresh_signature {
                    stamp = Stamp::now(shared);
                }
            }
            let (to, body, nonce) = (&account.original_id, &event.body, &stamp.nonce);
            let mut push = match account.format {
                CallbackFormat::Xml => sender.push(to, body, stamp.at, nonce, &random),
                CallbackFormat::Json => sender.push_json(to, body, stamp.at, nonce, &random),
            };
            push.query.openid = Some(openid.clone());
            match self.attempt(shared, url, account.format, push).await {
                Ok((200, answer)) => {
                    attempts.push(Attempt { status: Some(200), error: None });
                    let outcome = reply::outcome_of(sender, account, &openid, &answer);
                    return Ok(Delivery { attempts, outcome });
                }
                Ok((status, _body)) => attempts.push(Attempt { status: Some(status), error: None }),
                Err(error) => attempts.push(Attempt { status: None, error: Some(error.to_owned()) }),
            }
        }
        let outcome = DeliveryOutcome::Fault("no answer with status 200".to_owned());
        Ok(Delivery { attempts, outcome })
    }

    /// Makes one attempt, which may be lost on its way or on the way back.
    async fn attempt(&self, shared: &SharedState, url: &Url, format: CallbackFormat, push: Push) -> Received {
        let policy = &shared.config.delivery;
        let is_lost = shared.random.once_in(policy.one_lost_in);
        if is_lost && shared.random.once_in(2) {
            return Err("lost on its way");
        }
        let answer = self.http.post(url, format, push, policy.timeout).await;
        if is_lost { Err("the answer was lost") } else { answer }
    }

    /// Checks the URL as WeChat's console does when it is entered: a signed GET has to be answered with the
    /// `echostr` in it.
    pub(crate) async fn check_url(
        &self,
        shared: &SharedState,
        account: &OfficialAccount,
        url: &Url,
    ) -> Result<bool, SandboxError> {
        let stamp = Stamp::now(shared);
        let echostr = shared.random.nonce();
        let signed = self.sender(account)?.sign_query(stamp.at, &stamp.nonce);
        let query = CallbackQuery { echostr: Some(echostr.clone()), ..signed };
        let timeout = shared.config.delivery.timeout.max(Duration::from_secs(1));
        let answer = self.http.get(url, &query, timeout).await;
        Ok(answer.is_ok_and(|(status, body)| status == 200 && body == echostr.as_bytes()))
    }

    fn sender(&self, account: &OfficialAccount) -> Result<&CallbackSender, SandboxError> {
        self.senders.get(&account.name).ok_or_else(|| SandboxError::UnknownAccount(account.name.clone()))
    }
}
