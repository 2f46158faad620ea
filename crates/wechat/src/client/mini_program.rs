//! The port of mini programs.
//!
//! Source: WeChat's pages on `jscode2session`, `getuserphonenumber`, `checksession` and `resetusersessionkey`.

use async_trait::async_trait;
use saoma_domain::account::PhoneNumber;
use saoma_domain::ports::{MiniProgram, OpenDataError, WechatError};
use saoma_domain::time::Timestamp;
use saoma_domain::wechat::{AppName, MiniProgramUser, OpenId, SessionKey};
use serde::Deserialize;
use serde_json::json;

use super::api::Api;
use super::app::{App, WechatAppKind};
use super::failure::Failure;
use super::profile::union_id;
use super::wechat_client::{Call, WechatClient};
use crate::json::optional_text;
use crate::open_data::{self, PhoneInfo, session_signature};

const EXCHANGE_PATH: &str = "/sns/jscode2session";
const PHONE_PATH: &str = "/wxa/business/getuserphonenumber";
const CHECK_PATH: &str = "/wxa/checksession";
const RESET_PATH: &str = "/wxa/resetusersessionkey";

/// The session key of the signature does not fit.
const INVALID_SIGNATURE: i64 = 87009;

#[derive(Deserialize)]
struct SessionAnswer {
    openid: String,
    session_key: String,
    #[serde(default, deserialize_with = "optional_text")]
    unionid: Option<String>,
}

#[derive(Deserialize)]
struct PhoneAnswer {
    phone_info: PhoneInfo,
}

/// `ok` and nothing else.
#[derive(Deserialize)]
struct Done {}

impl SessionAnswer {
    fn into_user(self) -> Result<MiniProgramUser, Failure> {
        let openid = OpenId::parse(self.openid)
            .map_err(|_| Failure::Nonsense("the answer names nobody".to_owned()))?;
        if self.session_key.is_empty() {
            return Err(Failure::Nonsense("the session key is empty".to_owned()));
        }
        let session_key = SessionKey::new(self.session_key);
        Ok(MiniProgramUser { openid, unionid: union_id(self.unionid), session_key })
    }
}

impl PhoneAnswer {
    fn into_number(self, app_id: &str) -> Result<PhoneNumber, Failure> {
        let nonsense = |what: &str| Failure::Nonsense(what.to_owned());
        if self.phone_info.app_id() != Some(app_id) {
            return Err(nonsense("the phone number is for another app"));
        }
        self.phone_info.number().ok_or_else(|| nonsense("the phone number is no mobile phone's"))
    }
}

/// The proof that goes with a question about a session key.
fn session_query<'q>(openid: &'q OpenId, signature: &'q str) -> [(&'static str, &'q str); 3] {
    [("openid", openid.as_str()), ("signature", signature), ("sig_method", "hmac_sha256")]
}

impl WechatClient {
    fn mini_program(&self, name: &AppName) -> Result<&App, WechatError> {
        let app = self.app(name)?;
        match app.identity.kind {
            WechatAppKind::MiniProgram => Ok(app),
            WechatAppKind::OfficialAccount { .. } | WechatAppKind::Website => Err(WechatError::UnknownApp),
        }
    }
}

#[async_trait]
impl MiniProgram for WechatClient {
    async fn exchange(&self, app: &AppName, code: &str) -> Result<MiniProgramUser, WechatError> {
        let app = self.mini_program(app)?;
        let query = [("js_code", code), ("grant_type", "authorization_code")];
        let gate = &app.gates.js_code;
        let call = Call { api: Api::JsCode, gate, path: EXCHANGE_PATH, query: &query, body: None };
        self.in_time(app, async {
            let answer = self.call_with_secret::<SessionAnswer>(app, &call).await?;
            answer.into_user().map_err(|failure| self.report(app, call.api, failure))
        })
        .await
    }

    /// The openid goes along so that WeChat checks that the code is this person's.
    async fn phone_number(
        &self,
        app: &AppName,
        openid: &OpenId,
        code: &str,
    ) -> Result<PhoneNumber, WechatError> {
        let app = self.mini_program(app)?;
        let body = json!({"code": code, "openid": openid.as_str()});
        let gate = &app.gates.phone_number;
        let call = Call { api: Api::PhoneNumber, gate, path: PHONE_PATH, query: &[], body: Some(&body) };
        self.in_time(app, async {
            let answer = self.call::<PhoneAnswer>(app, &call).await?;
            let number = answer.into_number(&app.identity.app_id);
            number.map_err(|failure| self.report(app, call.api, failure))
        })
        .await
    }

    /// "A few minutes" are ten, see [`open_data::open`]. For an app that is none of ours there is no such data
    /// either.
    fn open_phone(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<PhoneNumber, OpenDataError> {
        let app = self.mini_program(app).map_err(|_unknown| OpenDataError::OtherApp)?;
        let data = open_data::open(&app.identity.app_id, key, encrypted_data, iv, now)?;
        PhoneInfo::read(data).and_then(|info| info.number()).ok_or(OpenDataError::NoPhone)
    }

    async fn is_current(
        &self,
        app: &AppName,
        openid: &OpenId,
        key: &SessionKey,
    ) -> Result<bool, WechatError> {
        let app = self.mini_program(app)?;
        let signature = session_signature(key);
        let query = session_query(openid, &signature);
        let gate = &app.gates.check_session;
        let call = Call { api: Api::CheckSession, gate, path: CHECK_PATH, query: &query, body: None };
        match self.in_time(app, self.call::<Done>(app, &call)).await {
            Ok(Done {}) => Ok(true),
            Err(WechatError::NotFound { errcode: INVALID_SIGNATURE }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Sent once: after a reset whose answer was lost, the old key is out of date, and only `wx.login` brings
    /// another one.
    async fn reset(
        &self,
        app: &AppName,
        openid: &OpenId,
        key: &SessionKey,
    ) -> Result<SessionKey, WechatError> {
        let app = self.mini_program(app)?;
        let signature = session_signature(key);
        let query = session_query(openid, &signature);
        let gate = &app.gates.reset_session;
        let call = Call { api: Api::ResetSession, gate, path: RESET_PATH, query: &query, body: None };
        self.in_time(app, async {
            let answer = self.call::<SessionAnswer>(app, &call).await?;
            let user = answer.into_user().map_err(|failure| self.report(app, call.api, failure))?;
            if user.openid != *openid {
                let failure = Failure::Nonsense("the answer is about another person".to_owned());
                return Err(self.report(app, call.api, failure));
            }
            Ok(user.session_key)
        })
        .await
    }
}
