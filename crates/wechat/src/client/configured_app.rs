//! One app as the client works with it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use saoma_domain::ports::{WechatError, random_bytes};
use saoma_domain::time::Timestamp;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use tokio::time::Instant;

use super::access_token::AccessToken;
use super::answer::Answer;
use super::api::{Api, Call, Credentials};
use super::app::WechatApp;
use super::app_api::JsTicket;
use super::app_caller::AppCaller;
use super::calls;
use super::failure::CallFailure;
use super::shared_tokens::SharedToken;
use super::timeout_breaker::CallEnd;
use super::token_source::TokenSource;
use super::transport::CONNECT_TIMEOUT;

/// Between a deadline that is set and the call that begins some time passes.
const ROUNDING: Duration = Duration::from_millis(100);

/// An app with its access tokens and its quotas.
pub(super) struct ConfiguredApp {
    caller: Arc<AppCaller>,
    tokens: Arc<TokenSource>,
    pub(super) js_ticket: JsTicket,
}

impl ConfiguredApp {
    pub(super) fn new(caller: AppCaller, shared: Option<SharedToken>) -> Self {
        let caller = Arc::new(caller);
        let tokens = Arc::new(TokenSource::new(Arc::clone(&caller), shared));
        Self { caller, tokens, js_ticket: JsTicket::default() }
    }

    /// Returns the app's name, kind, id and secret.
    pub(super) fn credentials(&self) -> &WechatApp {
        &self.caller.app
    }

    /// Returns when the calls of a use that starts now have to be over.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.caller.transport.timeout
    }

    pub(super) fn now(&self) -> Timestamp {
        self.caller.now()
    }

    pub(super) fn random_bytes<const N: usize>(&self) -> [u8; N] {
        random_bytes(self.caller.transport.random.as_ref())
    }

    /// Returns the token that is cached, if it is good.
    pub(super) fn cached_token(&self) -> Option<AccessToken> {
        self.tokens.valid()
    }

    /// Returns the token that the calls use; with `force` one that WeChat makes anew.
    pub(super) async fn token_for_others(&self, force: bool) -> Result<AccessToken, WechatError> {
        let api = &calls::STABLE_TOKEN.api;
        let getting = async {
            let token = if force { self.tokens.force().await } else { self.tokens.get().await };
            token.map_err(|failure| self.caller.report(api, failure))
        };
        self.in_time(self.deadline(), api, getting).await
    }

    /// Makes a call and reads its answer with `read`, all of it before the deadline. A failure is logged.
    pub(super) async fn ask<A: Answer, T>(
        &self,
        deadline: Instant,
        call: &Call<A>,
        parameters: &impl Serialize,
        read: impl FnOnce(A) -> Result<T, CallFailure>,
    ) -> Result<T, WechatError> {
        let asking = async {
            let answer = self.call(call, parameters).await?;
            read(answer).map_err(|failure| self.caller.report(&call.api, failure))
        };
        self.in_time(deadline, &call.api, asking).await
    }

    /// Fetches an access token from WeChat, also when one is cached.
    pub(super) async fn fetch_token(&self) -> Result<(), WechatError> {
        let api = &calls::STABLE_TOKEN.api;
        let fetching = async {
            let fetched = self.tokens.fetch().await;
            fetched.map(drop).map_err(|failure| self.caller.report(api, failure))
        };
        self.in_time(self.deadline(), api, fetching).await
    }

    /// Gets an access token, from WeChat only where none is known.
    pub(super) async fn get_token(&self) -> Result<(), WechatError> {
        let getting = async { self.token().await.map(drop) };
        self.in_time(self.deadline(), &calls::STABLE_TOKEN.api, getting).await
    }

    /// Does the work of a call before its deadline, or fails at once where WeChat has not answered such calls lately.
    async fn in_time<T>(
        &self,
        deadline: Instant,
        api: &Api,
        work: impl Future<Output = Result<T, WechatError>>,
    ) -> Result<T, WechatError> {
        let passage = self.caller.timeouts.of(api).enter(self.caller.now()).map_err(|retry_after| {
            let reason = "it did not answer the last calls in time".to_owned();
            WechatError::Unavailable { reason, retry_after }
        })?;
        let (began, timeout) = (Instant::now(), self.caller.transport.timeout);
        let within = deadline.saturating_duration_since(began);
        let done = tokio::time::timeout_at(deadline, work).await;
        let has_waited = began.elapsed() >= timeout.min(CONNECT_TIMEOUT);
        let end = match &done {
            Err(_elapsed) if within + ROUNDING < timeout => CallEnd::GivenUp,
            Err(_elapsed) => CallEnd::TimedOut,
            Ok(Err(WechatError::Unavailable { .. })) if has_waited => CallEnd::TimedOut,
            Ok(_) => CallEnd::Answered,
        };
        if passage.ended(end, self.caller.now()) {
            let (app, api, address) = (&self.caller.app.name, api.path, self.caller.transport.address());
            tracing::warn!(%app, api, "wechat {address}: no answer to three calls in a row: not called for 5 s");
        }
        done.unwrap_or_else(|_elapsed| {
            let reason = format!("no answer within {:.1} s", within.as_secs_f64());
            Err(self.caller.report(api, CallFailure::Unreachable(reason)))
        })
    }

    /// Makes a call with the credentials that its row names.
    async fn call<A: Answer>(&self, call: &Call<A>, parameters: &impl Serialize) -> Result<A, WechatError> {
        let answer = match call.api.credentials {
            Credentials::Token => return self.call_with_token(call, parameters).await,
            Credentials::Secret => {
                let WechatApp { app_id, secret, .. } = self.credentials();
                let added = [("appid", app_id.as_str()), ("secret", secret.expose_secret())];
                self.caller.call(call, &added, parameters).await
            }
            Credentials::SecretInBody | Credentials::PersonToken => {
                self.caller.call(call, &[], parameters).await
            }
        };
        answer.map_err(|failure| self.caller.report(&call.api, failure))
    }

    /// Makes a call with the app's token, and once more with another one when WeChat refuses the token.
    ///
    /// That holds for codes as well: WeChat does not look at the code when it refuses the token.
    async fn call_with_token<A: Answer>(
        &self,
        call: &Call<A>,
        parameters: &impl Serialize,
    ) -> Result<A, WechatError> {
        let token = self.token().await?;
        match self.caller.call(call, &[("access_token", token.expose())], parameters).await {
            Err(failure) if failure.is_dead_token() => self.tokens.forget(&token).await,
            done => return done.map_err(|failure| self.caller.report(&call.api, failure)),
        }
        // Also where WeChat hands out the same token again: its nodes do not learn of a token all at once.
        let token = self.token().await?;
        let again = self.caller.call(call, &[("access_token", token.expose())], parameters).await;
        again.map_err(|failure| self.caller.report(&call.api, failure))
    }

    async fn token(&self) -> Result<AccessToken, WechatError> {
        let token = self.tokens.get().await;
        token.map_err(|failure| self.caller.report(&calls::STABLE_TOKEN.api, failure))
    }
}
