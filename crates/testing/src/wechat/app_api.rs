//! Calls of WeChat's API whose answers are scripted.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{AppApi, AppCall, AppToken, JsConfig, WechatError},
    wechat::{AppName, OpenId},
};

/// WeChat's API for tests: it answers a call as it was told, and keeps what was called.
#[derive(Debug, Default)]
pub struct FakeAppApi {
    script: Mutex<AppApiScript>,
}

#[derive(Debug, Default)]
struct AppApiScript {
    answers: HashMap<String, String>,
    calls: Vec<(AppName, AppCall)>,
    failures: Vec<WechatError>,
}

impl FakeAppApi {
    /// Lets each call of a path be answered with this JSON object; others are answered with an empty one.
    pub fn answer(&self, path: &str, json: &str) {
        self.lock().answers.insert(path.to_owned(), json.to_owned());
    }

    /// Lets the next call that has no failure yet fail with this one.
    pub fn fail_next(&self, failure: WechatError) {
        self.lock().failures.push(failure);
    }

    /// Returns what was called, the oldest first.
    pub fn calls(&self) -> Vec<(AppName, AppCall)> {
        self.lock().calls.clone()
    }

    fn lock(&self) -> MutexGuard<'_, AppApiScript> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failure(&self) -> Result<(), WechatError> {
        let mut script = self.lock();
        if script.failures.is_empty() { Ok(()) } else { Err(script.failures.remove(0)) }
    }
}

#[async_trait]
impl AppApi for FakeAppApi {
    async fn access_token(&self, app: &AppName, _: bool) -> Result<AppToken, WechatError> {
        self.failure()?;
        Ok(AppToken { value: format!("token-of-{app}").into(), expires_in: Duration::from_secs(7200) })
    }

    async fn js_config(&self, app: &AppName, url: &str) -> Result<JsConfig, WechatError> {
        self.failure()?;
        let signature = format!("signature-of-{url}");
        Ok(JsConfig { app_id: format!("wxfake-{app}"), timestamp: 0, nonce: "nonce".to_owned(), signature })
    }

    async fn user_info(&self, _: &AppName, openid: &OpenId) -> Result<String, WechatError> {
        self.failure()?;
        Ok(format!("{{\"subscribe\":1,\"openid\":\"{openid}\"}}"))
    }

    async fn call(&self, app: &AppName, call: &AppCall) -> Result<String, WechatError> {
        self.failure()?;
        let mut script = self.lock();
        script.calls.push((app.clone(), call.clone()));
        Ok(script.answers.get(call.path).cloned().unwrap_or_else(|| "{}".to_owned()))
    }
}
