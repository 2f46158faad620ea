//! The port of mini programs.

use async_trait::async_trait;
use saoma_domain::account::PhoneNumber;
use saoma_domain::ports::{MiniProgram, OpenDataError, WechatError};
use saoma_domain::time::Timestamp;
use saoma_domain::wechat::{AppKind, AppName, MiniProgramCode, MiniProgramUser, OpenId, SessionKey};
use serde_json::json;

use super::calls::{self, login_code_parameters};
use super::configured_app::ConfiguredApp;
use super::wechat_client::WechatClient;
use crate::open_data::{self, PhoneInfo};

impl WechatClient {
    fn mini_program(&self, name: &AppName) -> Result<&ConfiguredApp, WechatError> {
        let app = self.app(name)?;
        match app.credentials().kind {
            AppKind::MiniProgram => Ok(app),
            AppKind::OfficialAccount | AppKind::Website | AppKind::MobileApp => Err(WechatError::UnknownApp),
        }
    }
}

#[async_trait]
impl MiniProgram for WechatClient {
    async fn exchange(&self, app: &AppName, code: &str) -> Result<MiniProgramUser, WechatError> {
        let app = self.mini_program(app)?;
        let parameters = [("js_code", code), ("grant_type", "authorization_code")];
        app.ask(app.deadline(), &calls::JS_CODE, &parameters, |answer| answer.into_user()).await
    }

    async fn login_code(&self, app: &AppName, scene: &str) -> Result<MiniProgramCode, WechatError> {
        let app = self.mini_program(app)?;
        let page = app.credentials().login_page.as_ref().ok_or(WechatError::UnknownApp)?;
        let parameters = login_code_parameters(scene, page);
        app.ask(app.deadline(), &calls::LOGIN_CODE, &parameters, |picture| {
            Ok(MiniProgramCode { picture: picture.0 })
        })
        .await
    }

    /// The openid goes along so that WeChat checks that the code is this person's.
    async fn phone_number(
        &self,
        app: &AppName,
        openid: &OpenId,
        code: &str,
    ) -> Result<Option<PhoneNumber>, WechatError> {
        let app = self.mini_program(app)?;
        let parameters = json!({"code": code, "openid": openid.as_str()});
        app.ask(app.deadline(), &calls::PHONE_NUMBER, &parameters, |answer| {
            answer.into_number(&app.credentials().app_id)
        })
        .await
    }

    /// "A few minutes" are ten, see the module `open_data`. For an app that is not configured as a mini program
    /// the data counts as another app's.
    fn open_phone(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<PhoneNumber, OpenDataError> {
        let app = self.mini_program(app).map_err(|_unknown| OpenDataError::OtherApp)?;
        let data = open_data::open(&app.credentials().app_id, key, encrypted_data, iv, now)?;
        PhoneInfo::read(data).and_then(|info| info.number()).ok_or(OpenDataError::NoPhone)
    }

    fn open_data(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<String, OpenDataError> {
        let app = self.mini_program(app).map_err(|_unknown| OpenDataError::OtherApp)?;
        let data = open_data::open(&app.credentials().app_id, key, encrypted_data, iv, now)?;
        Ok(serde_json::Value::Object(data).to_string())
    }
}
