//! Sends events to the service behind an account, as WeChat does.

mod judge;
mod post;

use std::collections::BTreeMap;
use std::time::Duration;

use saoma_domain::time::Timestamp;
use saoma_wechat::callback::{CallbackQuery, CallbackSender};
use url::Url;

use crate::SandboxError;
use crate::account::OfficialAccount;
use crate::config::SandboxConfig;
use crate::world::{Attempt, Delivery, Event, Outcome, World, openid};

pub(crate) use post::Poster;

/// Knows how to sign for every account.
#[derive(Debug)]
pub(crate) struct Courier {
    senders: BTreeMap<String, CallbackSender>,
    poster: Poster,
}

/// Timestamp and nonce of one attempt.
#[derive(Clone)]
struct Stamp {
    at: Timestamp,
    nonce: String,
}

impl Stamp {
    fn now(world: &World) -> Self {
        Self { at: Timestamp::from_secs(world.now()), nonce: world.random.nonce() }
    }
}

impl Courier {
    pub(crate) fn new(config: &SandboxConfig) -> Result<Self, SandboxError> {
        let senders = config.accounts.iter().map(|account| Ok((account.name.clone(), account.sender()?)));
        Ok(Self { senders: senders.collect::<Result<_, SandboxError>>()?, poster: Poster::new()? })
    }

    /// Sends one event until an answer has status 200 or the attempts are used up.
    pub(crate) async fn deliver(
        &self,
        world: &World,
        url: &Url,
        event: &Event,
    ) -> Result<Delivery, SandboxError> {
        let account = world.account(&event.account)?;
        let sender = self.sender(account)?;
        let openid = openid(&account.app_id, &event.person);
        // Drawn once, so that the encrypted body stays the same over all attempts.
        let random = world.random.block();
        let policy = &world.config.delivery;
        let mut stamp = Stamp::now(world);
        let mut attempts = Vec::new();
        for number in 0..policy.attempts {
            if number > 0 {
                tokio::time::sleep(policy.retry_delay).await;
                if policy.fresh_signature {
                    stamp = Stamp::now(world);
                }
            }
            let mut push = sender.push(&account.original_id, &event.body, stamp.at, &stamp.nonce, &random);
            push.query.openid = Some(openid.clone());
            match self.poster.post(url, &push.query, push.body, policy.timeout).await {
                Ok((200, answer)) => {
                    attempts.push(Attempt { status: Some(200), error: None });
                    let outcome = judge::judge(sender, account, &openid, &answer);
                    return Ok(Delivery { attempts, outcome });
                }
                Ok((status, _body)) => attempts.push(Attempt { status: Some(status), error: None }),
                Err(error) => attempts.push(Attempt { status: None, error: Some(error.to_owned()) }),
            }
        }
        Ok(Delivery { attempts, outcome: Outcome::Fault("no answer with status 200".to_owned()) })
    }

    /// Checks the URL as WeChat's console does when it is entered: a signed GET has to be answered with the
    /// `echostr` in it.
    pub(crate) async fn check_url(
        &self,
        world: &World,
        account: &OfficialAccount,
        url: &Url,
    ) -> Result<bool, SandboxError> {
        let stamp = Stamp::now(world);
        let echostr = world.random.nonce();
        let signed = self.sender(account)?.sign_query(stamp.at, &stamp.nonce);
        let query = CallbackQuery { echostr: Some(echostr.clone()), ..signed };
        let answer =
            self.poster.get(url, &query, world.config.delivery.timeout.max(Duration::from_secs(1))).await;
        Ok(answer.is_ok_and(|(status, body)| status == 200 && body == echostr.as_bytes()))
    }

    /// Returns WeChat's HTTP client.
    pub(crate) fn poster(&self) -> &Poster {
        &self.poster
    }

    fn sender(&self, account: &OfficialAccount) -> Result<&CallbackSender, SandboxError> {
        self.senders.get(&account.name).ok_or_else(|| SandboxError::UnknownAccount(account.name.clone()))
    }
}
