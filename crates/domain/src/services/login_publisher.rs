//! Caching where a login stands, which notifies its waiting clients.

use std::{sync::Arc, time::Duration};

use super::Policy;
use crate::{
    login::{Login, LoginContext, LoginId, LoginState},
    ports::{LoginCache, LoginStep, LoginSteps},
};

/// How long after its deadline the context of a login that was never scanned is cached, for what counts that it ended.
const CONTEXT_KNOWN_FOR: Duration = Duration::from_secs(10);

/// How long after its deadline a login that was never scanned is still answered as expired; then it is unknown.
pub(super) const EXPIRED_KNOWN_FOR: Duration = Duration::from_secs(600);

/// Caches where logins stand. Every service is right without the cache, so its failures are ignored here; the
/// adapter reports them.
#[derive(Clone)]
pub(super) struct LoginPublisher {
    pub(super) login_cache: Arc<dyn LoginCache>,
    pub(super) policy: Arc<Policy>,
    pub(super) steps: Arc<dyn LoginSteps>,
}

impl LoginPublisher {
    /// Counts steps of a login. What it is counted by is in the cache, or it is not counted.
    pub(super) async fn count(&self, login: LoginId, steps: &[LoginStep]) {
        if !self.steps.is_counting() {
            return;
        }
        let context = self.login_cache.context(login).await.ok().flatten();
        if let Some(LoginContext { channel, app, purpose, .. }) = context {
            let channel = Some(channel.as_str());
            steps.iter().for_each(|step| self.steps.count(*step, channel, &app, &purpose));
        }
    }

    /// Caches a login that was not scanned yet, until a moment after its deadline: a scan reads the context before it is committed, and
    /// what is committed is cached for as long as that matters.
    pub(super) async fn open(&self, id: LoginId, context: Option<LoginContext>) {
        let until = id.deadline().plus(CONTEXT_KNOWN_FOR);
        let _ = self.login_cache.open(id, context, until).await;
    }

    /// Caches a login that is committed, and notifies the clients that wait for it.
    pub(super) async fn publish(&self, login: &Login) {
        let until = match login.state {
            LoginState::Loop { deadline }
            | LoginState::Scanned { deadline, .. }
            | LoginState::Unregistered { deadline, .. } => deadline,
            LoginState::Registered { collect_by, .. } => collect_by.plus(self.policy.handover),
            LoginState::Expired { since, .. } => since.plus(EXPIRED_KNOWN_FOR),
        };
        let _ = self.login_cache.publish(login, until).await;
    }
}
