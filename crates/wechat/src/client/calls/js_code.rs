//! `GET /sns/jscode2session`: who opened a mini program, by the code of `wx.login`.
//!
//! Source: WeChat's page on `code2Session`.

use saoma_domain::wechat::{MiniProgramUser, RawUnionId, SessionKey};
use serde::Deserialize;

use super::person::{openid, union_id};
use crate::client::failure::CallFailure;

#[derive(Deserialize)]
pub(crate) struct JsCodeAnswer {
    openid: String,
    session_key: String,
    #[serde(default, deserialize_with = "union_id")]
    unionid: Option<RawUnionId>,
}

impl JsCodeAnswer {
    pub(crate) fn into_user(self) -> Result<MiniProgramUser, CallFailure> {
        if self.session_key.is_empty() {
            return Err(CallFailure::unusable("the session key is empty"));
        }
        let session_key = SessionKey::new(self.session_key);
        Ok(MiniProgramUser { openid: openid(self.openid)?, unionid: self.unionid, session_key })
    }
}
