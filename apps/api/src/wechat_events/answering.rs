//! What the account itself answers, where no other system does.

use saoma_wechat::callback::{Reply, VerifiedMessage};

use super::{Taken, WechatEvents, in_time};
use crate::{
    chat_replies::{Fields, name_is_wanted, reply_to},
    config::AppConfig,
    journal::Outcome,
};

impl WechatEvents {
    /// Returns what the account itself answers, where no other system does.
    pub(super) async fn answered(&self, app: &AppConfig, message: &VerifiedMessage) -> Taken {
        let reply = self.reply_to(app, message).await;
        let outcome = if matches!(reply, Reply::Success) { Outcome::SUCCESS } else { Outcome::REPLIED };
        Taken { reply, outcome, ..Taken::of_words() }
    }

    /// Returns the reply of the configuration.
    async fn reply_to(&self, app: &AppConfig, message: &VerifiedMessage) -> Reply {
        let replies = self.replies.of(&app.name);
        let nickname = match name_is_wanted(&replies) {
            true => self.nickname(app, message).await,
            false => String::new(),
        };
        reply_to(&replies, &Fields { site: &self.site.name, nickname: &nickname }, message.kind())
    }

    /// Returns the name of a person, as far as it is known: a reply is not worth a failure.
    async fn nickname(&self, app: &AppConfig, message: &VerifiedMessage) -> String {
        let (accounts, name, openid) = (self.accounts.clone(), app.name.clone(), message.from().clone());
        let identity = in_time(async move { accounts.identity_of(&name, &openid).await }).await;
        identity.ok().flatten().and_then(|identity| identity.profile.nickname).unwrap_or_default()
    }
}
