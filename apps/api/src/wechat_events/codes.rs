//! Takes the codes that people send in the chat of an account whose logins begin with a message.

use std::sync::Arc;

use actix_web::HttpRequest;
use saoma_domain::services::ReadCode;
use saoma_wechat::callback::{MessageKind, Reply, ReplyText, VerifiedMessage};

use super::{Taken, WechatEvents, in_time};
pub(super) use crate::chat_replies::WrongCode;
use crate::{
    chat_replies::{answers_by_name, wrong_code_reply},
    config::AppConfig,
    journal::{Called, Outcome},
    problem::Problem,
};

/// What a person wrote, or tapped.
pub(super) enum Said {
    /// The code of a login, whose scan was taken.
    Code(Taken),
    /// It looks like a code, and leads to no login.
    WrongCode(WrongCode),
    /// Anything else.
    Words,
}

impl WechatEvents {
    /// Takes a text if it is the code of a login that waits: it counts as the scan.
    pub(super) async fn read_code(
        &self,
        app: &AppConfig,
        request: &HttpRequest,
        called: &Called<'_>,
    ) -> Result<Said, Problem> {
        let MessageKind::Text { content } = called.message.kind() else { return Ok(Said::Words) };
        let Some(code) = self.codes.code_in(&app.name, content) else { return Ok(Said::Words) };
        let codes = Arc::clone(&self.codes);
        let (name, openid) = (app.name.clone(), called.message.from().clone());
        let read = in_time(async move { codes.read(&name, &openid, &code).await }).await?;
        let wrong = match read {
            ReadCode::Login(scene) => {
                return Ok(Said::Code(self.take_scan(app, request, called, scene.to_string()).await?));
            }
            ReadCode::Unknown => WrongCode::Unknown,
            ReadCode::TooMany => WrongCode::TooMany,
        };
        self.metrics.scan_outcome(wrong.as_str());
        Ok(Said::WrongCode(wrong))
    }

    /// Returns what the account answers to a code that leads to no login: another system's answer goes before it, and an answer
    /// of the configuration to this very text.
    pub(super) async fn answered_to_code(
        &self,
        app: &AppConfig,
        message: &VerifiedMessage,
        wrong: WrongCode,
    ) -> Taken {
        if self.relaying.relays(&app.name) || answers_by_name(&self.replies.of(&app.name), message.kind()) {
            return self.answered(app, message).await;
        }
        let text = ReplyText::new(&wrong_code_reply(app, &self.site, wrong));
        let reply = text.map_or(Reply::Success, Reply::Text);
        Taken { reply, outcome: Outcome(wrong.as_str()), ..Taken::of_words() }
    }
}
