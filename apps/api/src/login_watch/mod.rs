//! Says and counts what becomes of logins: a line in the log for each that ended and for each step that failed, and a
//! counter of each step.

mod note;
mod recent;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::{HttpMessage, HttpRequest};
use saoma_domain::{
    login::{Channel, ExpiryReason, Login, LoginContext, LoginId, LoginState, ScenePurpose},
    ports::{Clock, LoginCache},
    services::ServiceError,
    wechat::AppName,
};

use crate::{
    config::{AppConfig, AppKind, Config},
    node::Metrics,
    problem::Problem,
};
use note::LoginNote;
pub(crate) use note::log_note;
use recent::RecentLogins;

/// A step of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The client asked for it.
    Started,
    /// WeChat said who it is.
    Scanned,
    /// The phone that scanned was asked, and answered.
    Confirmed,
    /// A code was sent to a phone.
    CodeSent,
    /// A phone number was bound.
    Bound,
    /// The client gave it up.
    Cancelled,
}

impl Step {
    /// Returns the name in metrics and logs.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Scanned => "scanned",
            Self::Confirmed => "confirmed",
            Self::CodeSent => "code_sent",
            Self::Bound => "bound",
            Self::Cancelled => "cancelled",
        }
    }
}

/// What a login is counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LoginLabels {
    pub(crate) channel: Channel,
    pub(crate) app: AppName,
    pub(crate) purpose: ScenePurpose,
}

impl From<&LoginContext> for LoginLabels {
    fn from(context: &LoginContext) -> Self {
        let LoginContext { channel, app, purpose, client_info: _ } = context;
        Self { channel: *channel, app: app.clone(), purpose: purpose.clone() }
    }
}

/// A login of which something is to be said.
#[derive(Clone, Debug)]
pub(crate) struct WatchedLogin {
    id: Option<LoginId>,
    /// Absent where the cache has lost them.
    labels: Option<LoginLabels>,
}

impl WatchedLogin {
    /// Names a login that is known.
    pub(crate) fn new(id: Option<LoginId>, labels: LoginLabels) -> Self {
        Self { id, labels: Some(labels) }
    }

    /// Is counted by these where the cache has lost its own.
    pub(crate) fn or(self, labels: LoginLabels) -> Self {
        Self { labels: self.labels.or(Some(labels)), ..self }
    }
}

/// Watches logins.
pub(crate) struct LoginWatch {
    login_cache: Arc<dyn LoginCache>,
    metrics: Arc<Metrics>,
    clock: Arc<dyn Clock>,
    qr_ttl: Duration,
    oauth_ttl: Duration,
    bind_ttl: Duration,
    /// The logins whose end was logged: a repeated answer is no second end.
    ended: Mutex<RecentLogins>,
}

impl LoginWatch {
    /// Makes a watch that has seen nothing yet; the counters of the configured apps begin at 0.
    pub(crate) fn new(
        config: &Config,
        login_cache: Arc<dyn LoginCache>,
        metrics: Arc<Metrics>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        config.wechat.apps.iter().for_each(|app| count_from_zero(app, &metrics));
        let (qr_ttl, oauth_ttl, bind_ttl) =
            (config.login.qr_ttl, config.login.oauth_ttl, config.login.bind_ttl);
        Self { login_cache, metrics, clock, qr_ttl, oauth_ttl, bind_ttl, ended: Mutex::default() }
    }

    /// Finds what a login is counted by. Costs a read of the cache, so it is for steps that a login takes once.
    pub(crate) async fn find(&self, id: LoginId) -> WatchedLogin {
        let context = self.login_cache.context(id).await.ok().flatten();
        WatchedLogin { id: Some(id), labels: context.as_ref().map(LoginLabels::from) }
    }

    /// Notes what a step led to, for the log of this request.
    ///
    /// # Errors
    /// The error that is given.
    pub(crate) fn noted<T, E: Into<Problem>>(
        &self,
        request: &HttpRequest,
        login: &WatchedLogin,
        step: Step,
        result: Result<T, E>,
    ) -> Result<T, Problem> {
        match result {
            Ok(done) => {
                self.metrics.login_step(step.as_str(), login.labels.as_ref());
                Ok(done)
            }
            Err(error) => {
                let problem = error.into();
                self.failed(request, login, step, problem.code().as_str());
                Err(problem)
            }
        }
    }

    /// Notes that a step failed, for the log of this request.
    pub(crate) fn failed(
        &self,
        request: &HttpRequest,
        login: &WatchedLogin,
        step: Step,
        outcome: &'static str,
    ) {
        self.metrics.login_failure(step.as_str(), outcome);
        self.note(request, login, Some(step), outcome);
    }

    /// Notes where a login stands after a step, for the log of this request: only an end is said.
    pub(crate) fn stands(&self, request: &HttpRequest, watched: &WatchedLogin, login: &Login) {
        let Some(outcome) = outcome_of(&login.state) else { return };
        if self.is_first_end(login.id) {
            self.metrics.login_step(outcome, watched.labels.as_ref());
            self.note(request, watched, None, outcome);
        }
    }

    /// Notes that WeChat said who it is, and where the login stands since.
    pub(crate) fn scanned_now(&self, request: &HttpRequest, watched: &WatchedLogin, login: &Login) {
        if !matches!(login.state, LoginState::Expired { .. }) {
            self.metrics.login_step(Step::Scanned.as_str(), watched.labels.as_ref());
        }
        self.stands(request, watched, login);
    }

    /// Notes that the client gave its login up, or that it could not.
    ///
    /// # Errors
    /// The error that is given.
    pub(crate) fn cancelled(
        &self,
        request: &HttpRequest,
        watched: &WatchedLogin,
        result: Result<(), ServiceError>,
    ) -> Result<(), Problem> {
        let Err(error) = result else {
            if watched.id.is_some_and(|id| self.is_first_end(id)) {
                self.metrics.login_step(Step::Cancelled.as_str(), watched.labels.as_ref());
                self.note(request, watched, None, Step::Cancelled.as_str());
            }
            return Ok(());
        };
        let problem = Problem::from(error);
        self.failed(request, watched, Step::Cancelled, problem.code().as_str());
        Err(problem)
    }

    /// Notes that time was up, where a client is told so. Other ends are noted where they happen.
    pub(crate) async fn told(&self, request: Option<&HttpRequest>, login: &Login) {
        let LoginState::Expired { reason: ExpiryReason::Timeout, .. } = login.state else { return };
        if !self.is_first_end(login.id) {
            return;
        }
        let watched = self.find(login.id).await;
        self.metrics.login_step("timeout", watched.labels.as_ref());
        match request {
            Some(request) => self.note(request, &watched, None, "timeout"),
            None => self.note_of(&watched, None, "timeout").log("-"),
        }
    }

    /// Notes a scan that ended a login, or did not.
    pub(crate) fn scanned(&self, request: &HttpRequest, watched: &WatchedLogin, effect: ScanEffect) {
        match effect {
            ScanEffect::Ended(outcome) => {
                self.metrics.login_step(Step::Scanned.as_str(), watched.labels.as_ref());
                if watched.id.is_none_or(|id| self.is_first_end(id)) {
                    self.metrics.login_step(outcome, watched.labels.as_ref());
                    self.note(request, watched, None, outcome);
                }
            }
            ScanEffect::GoesOn => self.metrics.login_step(Step::Scanned.as_str(), watched.labels.as_ref()),
            ScanEffect::Failed(outcome) => self.failed(request, watched, Step::Scanned, outcome),
        }
    }

    /// Notes what the answer of a phone did to its login.
    pub(crate) fn answered(&self, request: &HttpRequest, watched: &WatchedLogin, effect: ScanEffect) {
        match effect {
            ScanEffect::Ended(outcome) => {
                if watched.id.is_none_or(|id| self.is_first_end(id)) {
                    self.metrics.login_step(outcome, watched.labels.as_ref());
                    self.note(request, watched, None, outcome);
                }
            }
            ScanEffect::GoesOn => {}
            ScanEffect::Failed(outcome) => self.failed(request, watched, Step::Confirmed, outcome),
        }
    }

    fn is_first_end(&self, id: LoginId) -> bool {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).insert(id)
    }

    fn note(&self, request: &HttpRequest, login: &WatchedLogin, step: Option<Step>, outcome: &'static str) {
        request.extensions_mut().insert(self.note_of(login, step, outcome));
    }

    fn note_of(&self, login: &WatchedLogin, step: Option<Step>, outcome: &'static str) -> LoginNote {
        let WatchedLogin { id, labels } = login.clone();
        let channel = labels.as_ref().map(|labels| labels.channel);
        let lasted = id.map(|id| {
            let lifetime = match channel {
                Some(Channel::OfficialAccount | Channel::MiniProgramCode) | None => self.qr_ttl,
                Some(Channel::Website | Channel::InWechat | Channel::MiniProgram | Channel::App) => {
                    self.oauth_ttl
                }
                Some(Channel::Sms) => self.bind_ttl,
            };
            self.clock.now().saturating_duration_since(id.deadline().minus(lifetime))
        });
        LoginNote { id, labels, step, outcome, lasted }
    }
}

/// What a scan did to its login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanEffect {
    /// It ended it, like this.
    Ended(&'static str),
    /// A phone number is asked for.
    GoesOn,
    /// Nothing, for this reason.
    Failed(&'static str),
}

/// Lets the counters of an app's logins begin at 0.
fn count_from_zero(app: &AppConfig, metrics: &Metrics) {
    let channels: &[Channel] = match app.kind {
        AppKind::OfficialAccount => &[Channel::OfficialAccount, Channel::InWechat],
        AppKind::Website => &[Channel::Website],
        AppKind::MiniProgram if app.login_page.is_some() => &[Channel::MiniProgram, Channel::MiniProgramCode],
        AppKind::MiniProgram => &[Channel::MiniProgram],
        AppKind::MobileApp => &[Channel::App],
    };
    for channel in channels {
        let purpose = ScenePurpose::default();
        metrics.login_steps_of(&LoginLabels { channel: *channel, app: app.name.clone(), purpose });
    }
}

/// Returns what a login came to; nothing where it goes on.
fn outcome_of(state: &LoginState) -> Option<&'static str> {
    match state {
        LoginState::Loop { .. } | LoginState::Scanned { .. } | LoginState::Unregistered { .. } => None,
        LoginState::Registered { .. } => Some("registered"),
        LoginState::Expired { reason, .. } => Some(reason.as_str()),
    }
}
