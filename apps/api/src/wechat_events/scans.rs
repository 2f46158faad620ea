//! Takes scans: commits what they mean, says and counts it.

use std::sync::Arc;

use actix_web::HttpRequest;
use saoma_domain::{
    login::{Channel, LoginScene},
    ports::LoginStep,
    services::{ScanReply, ScannedEvent},
    wechat::AppName,
};
use saoma_wechat::callback::{MessageKind, Reply, ReplyText, VerifiedMessage};

use super::{Onward, Taken, WechatEvents, in_time};
use crate::{
    chat_replies::chat_reply,
    config::AppConfig,
    journal::{Called, Outcome},
    login_watch::{LoginLabels, ScanEffect, WatchedLogin},
    problem::Problem,
};

impl WechatEvents {
    /// Takes a scan, and writes it into the journal.
    pub(super) async fn take_scan(
        &self,
        app: &AppConfig,
        request: &HttpRequest,
        called: &Called<'_>,
        scene: String,
    ) -> Result<Taken, Problem> {
        let message = called.message;
        let login = LoginScene::read(&scene);
        let entry = self.journal.entry_of_scan(called, &scene, login.as_ref().map(|login| login.id));
        let watched = login.map(|login| watched(&app.name, login));
        let (openid, said, scans) = (message.from().clone(), scene.clone(), Arc::clone(&self.scans));
        let event = ScannedEvent { app: app.name.clone(), openid: openid.clone(), scene };
        let taken = in_time(async move { scans.take_told_scan(event, entry).await }).await;
        let is_written = taken.as_ref().is_ok_and(|told| told.is_written);
        let taken = taken.map(|told| told.reply);
        let effect = match &taken {
            Ok(reply) => scanned(reply),
            Err(error) => Some(ScanEffect::Failed(Problem::code_of(error).as_str())),
        };
        if let (Some(watched), Some(effect)) = (watched, effect) {
            self.watch.scanned(request, &watched, effect);
        }
        let reply = taken?;
        self.metrics.scan(&reply);
        self.count_follow(app, message, &reply);
        let own = self.own_texts.after_scan(&app.name, openid, said, &reply).await;
        let text = chat_reply(app, &self.site, &reply, own).and_then(|text| ReplyText::new(&text));
        let tells_logins = self.relaying.relays_logins(&app.name);
        Ok(Taken {
            reply: text.map_or(Reply::Success, Reply::Text),
            onward: if tells_logins { Onward::Later } else { Onward::Nowhere },
            outcome: Outcome::of_scan(&reply),
            is_written,
            is_login: true,
        })
    }

    /// Counts a person who began to follow by the scan of a login.
    fn count_follow(&self, app: &AppConfig, message: &VerifiedMessage, reply: &ScanReply) {
        let MessageKind::Subscribe { scene: Some(scene) } = message.kind() else { return };
        let Some(LoginScene { purpose, .. }) = LoginScene::read(scene) else { return };
        if !matches!(reply, ScanReply::Foreign) {
            self.steps.count(LoginStep::Followed, None, &app.name, &purpose);
        }
    }
}

/// Returns the login of a scene. Whether this service issued it is checked with the scan.
fn watched(app: &AppName, LoginScene { purpose, id }: LoginScene) -> WatchedLogin {
    let labels = LoginLabels { channel: Channel::OfficialAccount, app: app.clone(), purpose };
    WatchedLogin::new(Some(id), labels)
}

/// Returns what a scan did to its login; `None` for a scene that is not ours.
pub(crate) fn scanned(reply: &ScanReply) -> Option<ScanEffect> {
    Some(match reply {
        ScanReply::LoggedIn { .. } | ScanReply::Linked { .. } => ScanEffect::Ended("registered"),
        ScanReply::LinkRefused | ScanReply::RegistrationClosed => ScanEffect::Ended("denied"),
        ScanReply::Disabled => ScanEffect::Failed("account_disabled"),
        ScanReply::NotAdmitted { .. } => ScanEffect::Failed("not_admitted"),
        ScanReply::GoOn { .. } | ScanReply::Asked { .. } => ScanEffect::GoesOn,
        ScanReply::Refused | ScanReply::Elsewhere => ScanEffect::Failed("denied"),
        ScanReply::ByAnother => ScanEffect::Failed("scanned_by_another"),
        ScanReply::Over(_) => ScanEffect::Failed("expired"),
        ScanReply::Foreign => return None,
    })
}

/// Returns what the answer of a phone did to its login.
pub(crate) fn answered(reply: &ScanReply) -> ScanEffect {
    match reply {
        ScanReply::LoggedIn { .. } | ScanReply::Linked { .. } => ScanEffect::Ended("registered"),
        ScanReply::Refused
        | ScanReply::Elsewhere
        | ScanReply::LinkRefused
        | ScanReply::RegistrationClosed => ScanEffect::Ended("denied"),
        ScanReply::GoOn { .. } => ScanEffect::GoesOn,
        ScanReply::Asked { .. } => ScanEffect::Failed("wrong_number"),
        ScanReply::Disabled => ScanEffect::Failed("account_disabled"),
        ScanReply::NotAdmitted { .. } => ScanEffect::Failed("not_admitted"),
        ScanReply::ByAnother | ScanReply::Over(_) | ScanReply::Foreign => ScanEffect::Failed("expired"),
    }
}
