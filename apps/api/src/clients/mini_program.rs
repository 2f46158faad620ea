//! Takes what the page of a mini program says that a login's code opened.

use std::sync::Arc;

use actix_web::HttpRequest;
use saoma_domain::{
    login::LoginId,
    ports::{PhoneAnswer, Places},
    services::{
        LoginAuthenticator, LoginInMiniProgram, MiniProgramCall, MiniProgramScan, ScanReply, ServiceError,
    },
};

use crate::{
    chat_replies::ChatSite,
    dto::{MiniProgramAnswer, MiniProgramRequest},
    extract::{Caller, is_wechat_code},
    login_watch::{LoginWatch, ScanEffect, Step, WatchedLogin},
    node::{Metrics, detached},
    problem::{ErrorCode, Problem},
    wechat_apps::WechatApps,
    wechat_events::{answered, scanned},
};

/// Takes what the pages of mini programs say.
pub(crate) struct MiniProgramPages {
    pub(crate) scans: Arc<MiniProgramScan>,
    pub(crate) authenticator: Arc<LoginAuthenticator>,
    pub(crate) apps: Arc<WechatApps>,
    pub(crate) places: Arc<dyn Places>,
    pub(crate) site: Arc<ChatSite>,
    pub(crate) watch: Arc<LoginWatch>,
    pub(crate) metrics: Arc<Metrics>,
}

impl MiniProgramPages {
    /// Takes a call of a page, and says how its login stands.
    ///
    /// # Errors
    /// `login_unknown`, `login_state`, `wechat_code_invalid`, `wechat_unavailable`, `wechat_refused`, `rate_limited`,
    /// `account_disabled`, `login_refused`, `registration_closed`, `store_unavailable`.
    pub(crate) async fn take(
        &self,
        request: &HttpRequest,
        id: &str,
        body: MiniProgramRequest,
    ) -> Result<MiniProgramAnswer, Problem> {
        let login = self.authenticator.login_of_link(id)?;
        let app = self.apps.first_with_login_page().ok_or(ServiceError::LoginUnknown)?.name.clone();
        if !is_wechat_code(&body.code) {
            return Err(Problem::new(ErrorCode::WechatCodeInvalid, "this is no code of wx.login"));
        }
        let answer = body.confirm.map(|lets_in| if lets_in { PhoneAnswer::Yes } else { PhoneAnswer::No });
        let caller = Caller::of(request);
        let call = MiniProgramCall {
            login,
            app,
            code: body.code,
            answer,
            client: caller.subject,
            phone: Caller::address(request),
        };
        let seen = self.noted(request, login, answer, call).await?;
        Ok(MiniProgramAnswer::new(seen, &self.site.name, &caller.client_info.ip, &*self.places))
    }

    /// Takes a call, and writes down what it did to its login.
    async fn noted(
        &self,
        request: &HttpRequest,
        login: LoginId,
        answer: Option<PhoneAnswer>,
        call: MiniProgramCall,
    ) -> Result<LoginInMiniProgram, Problem> {
        let watched = self.watch.find(login).await;
        let scans = Arc::clone(&self.scans);
        // A code that was exchanged is used up, even if the phone hangs up meanwhile.
        let taken = detached("taking a call of a mini program", async move { scans.take(call).await }).await;
        let step = if answer.is_some() { Step::Confirmed } else { Step::Scanned };
        let seen = taken.map_err(|error| self.failed(request, &watched, step, error))?;
        if seen.is_scan {
            self.metrics.scan(&seen.reply);
            // Where the page answered at once, the outcome of its answer is noted below.
            let effect = if answer.is_some() { Some(ScanEffect::GoesOn) } else { scanned(&seen.reply) };
            if let Some(effect) = effect {
                self.watch.scanned(request, &watched, effect);
            }
        }
        if answer.is_some() {
            self.metrics.phone_answer(&seen.reply);
            self.watch.answered(request, &watched, answered(&seen.reply));
        }
        admitted(seen)
    }

    fn failed(
        &self,
        request: &HttpRequest,
        watched: &WatchedLogin,
        step: Step,
        error: ServiceError,
    ) -> Problem {
        let problem = Problem::from(error);
        self.watch.failed(request, watched, step, problem.code().as_str());
        problem
    }
}

/// Refuses a person whose login got them nowhere, as their waiting client is refused.
fn admitted(seen: LoginInMiniProgram) -> Result<LoginInMiniProgram, Problem> {
    match &seen.reply {
        ScanReply::Disabled => Err(ServiceError::AccountDisabled.into()),
        ScanReply::RegistrationClosed => Err(ServiceError::RegistrationClosed.into()),
        ScanReply::NotAdmitted { text } if text.is_empty() => {
            Err(Problem::new(ErrorCode::LoginRefused, "the site does not admit you; ask it for help"))
        }
        ScanReply::NotAdmitted { text } => Err(Problem::new(ErrorCode::LoginRefused, text.clone())),
        ScanReply::LoggedIn { .. }
        | ScanReply::Asked { .. }
        | ScanReply::Refused
        | ScanReply::Elsewhere
        | ScanReply::Linked { .. }
        | ScanReply::GoOn { .. }
        | ScanReply::ByAnother
        | ScanReply::Over(_)
        | ScanReply::LinkRefused
        | ScanReply::Foreign => Ok(seen),
    }
}
