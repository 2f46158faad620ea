//! Takes the digits that a person sends in the chat, where their phone is asked for them.

use std::sync::Arc;

use actix_web::HttpRequest;
use saoma_domain::login::ConfirmNumber;
use saoma_wechat::callback::{MessageKind, Reply, ReplyText, VerifiedMessage};

use super::{Onward, Taken, WechatEvents, in_time, scans::answered};
use crate::{chat_replies::chat_reply, config::AppConfig, journal::Outcome, problem::Problem};

impl WechatEvents {
    /// Takes a text if it is what the phone is asked for at this moment. It is about a login, so it goes no further.
    pub(super) async fn take_digits(
        &self,
        app: &AppConfig,
        request: &HttpRequest,
        message: &VerifiedMessage,
    ) -> Result<Option<Taken>, Problem> {
        let MessageKind::Text { content } = message.kind() else { return Ok(None) };
        // Whatever the app asks of scans: a link, or a phone that is elsewhere, is asked for digits, too.
        if ConfirmNumber::parse(content.trim()).is_none() {
            return Ok(None);
        }
        let (confirmation, name) = (Arc::clone(&self.confirmation), app.name.clone());
        let (openid, text) = (message.from().clone(), content.clone());
        let taken = in_time(async move { confirmation.answer_in_chat(&name, &openid, &text).await }).await?;
        let Some((login, reply)) = taken else { return Ok(None) };
        let watched = self.watch.find(login).await;
        self.watch.answered(request, &watched, answered(&reply));
        self.metrics.phone_answer(&reply);
        let text = chat_reply(app, &self.site, &reply, None).and_then(|text| ReplyText::new(&text));
        let outcome = Outcome::of_scan(&reply);
        let reply = text.map_or(Reply::Success, Reply::Text);
        Ok(Some(Taken { reply, onward: Onward::Nowhere, outcome, is_written: false, is_login: true }))
    }
}
