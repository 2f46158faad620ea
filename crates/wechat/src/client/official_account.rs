//! The port of official accounts.

use std::time::Duration;

use async_trait::async_trait;
use saoma_domain::ports::{Measure, OfficialAccount, WechatError};
use saoma_domain::wechat::{AppKind, AppName, Follower, OpenId, QrTicket};
use tokio::time::Instant;

use super::calls::{self, UserInfoAnswer, qr_parameters, text_parameters};
use super::configured_app::ConfiguredApp;
use super::wechat_client::WechatClient;

impl WechatClient {
    pub(super) fn official_account(&self, name: &AppName) -> Result<&ConfiguredApp, WechatError> {
        let app = self.app(name)?;
        match app.credentials().kind {
            AppKind::OfficialAccount => Ok(app),
            AppKind::Website | AppKind::MiniProgram | AppKind::MobileApp => Err(WechatError::UnknownApp),
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
        let parameters = qr_parameters(scene, lifetime);
        app.ask(app.deadline(), &calls::QR_CREATE, &parameters, |answer| answer.into_ticket(&self.mp_base))
            .await
    }

    async fn follower(
        &self,
        app: &AppName,
        openid: &OpenId,
        within: Duration,
    ) -> Result<Follower, WechatError> {
        let app = self.official_account(app)?;
        let parameters = [("openid", openid.as_str()), ("lang", "zh_CN")];
        // For a shorter time where the caller cannot wait so long.
        let deadline = app.deadline().min(Instant::now() + within);
        app.ask(deadline, &calls::USER_INFO, &parameters, |answer| {
            UserInfoAnswer::read(answer)?.into_follower()
        })
        .await
    }

    async fn send_text(&self, app: &AppName, openid: &OpenId, text: &str) -> Result<(), WechatError> {
        let app = self.official_account(app)?;
        let parameters = text_parameters(openid, text);
        app.ask(app.deadline(), &calls::CUSTOM_SEND, &parameters, |_| Ok(())).await
    }

    fn measures(&self) -> Vec<Measure> {
        self.transport.times.measures()
    }
}
