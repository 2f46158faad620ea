//! The port of official accounts.

use std::time::Duration;

use async_trait::async_trait;
use saoma_domain::ports::{OfficialAccount, WechatError};
use saoma_domain::wechat::{AppName, Follower, OpenId, QrTicket};
use tokio::time::Instant;

use super::api::Api;
use super::app::{App, WechatAppKind};
use super::qr::{self, QrAnswer};
use super::user::{self, UserAnswer};
use super::wechat_client::{Call, WechatClient};

impl WechatClient {
    fn official_account(&self, name: &AppName) -> Result<&App, WechatError> {
        let app = self.app(name)?;
        match app.identity.kind {
            WechatAppKind::OfficialAccount { .. } => Ok(app),
            WechatAppKind::Website | WechatAppKind::MiniProgram => Err(WechatError::UnknownApp),
        }
    }
}

#[async_trait]
impl OfficialAccount for WechatClient {
    async fn create_qr(
        &self,
        app: &AppName,
        scene: &str,
        lifetime: Duration,
    ) -> Result<QrTicket, WechatError> {
        let app = self.official_account(app)?;
        let body = qr::body(scene, lifetime);
        let gate = &app.gates.qr_create;
        let call = Call { api: Api::QrCreate, gate, path: qr::PATH, query: &[], body: Some(&body) };
        self.in_time(app, async {
            let answer = self.call::<QrAnswer>(app, &call).await?;
            answer.into_ticket(&self.mp_base).map_err(|failure| self.report(app, call.api, failure))
        })
        .await
    }

    async fn follower(
        &self,
        app: &AppName,
        openid: &OpenId,
        within: Duration,
    ) -> Result<Follower, WechatError> {
        let app = self.official_account(app)?;
        let query = [("openid", openid.as_str()), ("lang", "zh_CN")];
        let gate = &app.gates.user_info;
        let call = Call { api: Api::UserInfo, gate, path: user::PATH, query: &query, body: None };
        // For a shorter time where the caller cannot wait so long.
        let deadline = self.deadline().min(Instant::now() + within);
        self.until(app, deadline, self.call::<UserAnswer>(app, &call)).await.map(Follower::from)
    }
}
