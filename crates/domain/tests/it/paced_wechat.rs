//! Official accounts that take their time to tell about a person.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{OfficialAccount, WechatError},
    wechat::{AppName, Follower, OpenId, QrTicket},
};
use saoma_testing::FakeOfficialAccount;

use crate::world::secs;

/// Official accounts whose answers about persons take a time that a test chooses; at first none. No time passes: a
/// call that may not take so long fails.
pub(crate) struct PacedOfficialAccount {
    wechat: Arc<FakeOfficialAccount>,
    pace: Mutex<Pace>,
}

#[derive(Default)]
struct Pace {
    takes: Duration,
    asked: Vec<Duration>,
}

impl PacedOfficialAccount {
    pub(crate) fn new(wechat: Arc<FakeOfficialAccount>) -> Self {
        Self { wechat, pace: Mutex::default() }
    }

    /// Lets every answer take this long from now on.
    pub(crate) fn take(&self, takes: Duration) {
        self.pace().takes = takes;
    }

    /// Returns how long each call could have taken so far.
    pub(crate) fn asked(&self) -> Vec<Duration> {
        self.pace().asked.clone()
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl OfficialAccount for PacedOfficialAccount {
    async fn create_qr(
        &self,
        app: &AppName,
        scene: &str,
        lifetime: Duration,
    ) -> Result<QrTicket, WechatError> {
        self.wechat.create_qr(app, scene, lifetime).await
    }

    async fn follower(
        &self,
        app: &AppName,
        openid: &OpenId,
        within: Duration,
    ) -> Result<Follower, WechatError> {
        let takes = {
            let mut pace = self.pace();
            pace.asked.push(within);
            pace.takes
        };
        if takes > within {
            let reason = format!("no answer within {} ms", within.as_millis());
            return Err(WechatError::Unavailable { reason, retry_after: secs(1) });
        }
        self.wechat.follower(app, openid, within).await
    }

    async fn send_text(&self, app: &AppName, openid: &OpenId, text: &str) -> Result<(), WechatError> {
        self.wechat.send_text(app, openid, text).await
    }
}
