//! One call of WeChat's API: its parameters, and the app that makes it.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, web};
use saoma_domain::wechat::AppKind;
use serde_json::Value;

use super::errcode::Errcode;
use crate::apps::{App, OfficialAccount};
use crate::shared_state::SharedState;

/// The parameters behind the question mark.
pub(super) type Query = web::Query<BTreeMap<String, String>>;

#[derive(Clone, Copy)]
pub(super) struct Call<'r> {
    pub(super) shared: &'r SharedState,
    pub(super) request: &'r HttpRequest,
    pub(super) query: &'r Query,
    pub(super) body: &'r [u8],
}

impl<'r> Call<'r> {
    /// Returns a parameter that has a value.
    pub(super) fn parameter(&self, name: &str) -> Option<&'r str> {
        self.query.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// Returns the body, which has to be JSON.
    pub(super) fn json(&self) -> Result<Value, Errcode> {
        if self.body.is_empty() {
            return Err(Errcode::BODY_EMPTY);
        }
        serde_json::from_slice(self.body).map_err(|_| Errcode::JSON_INVALID)
    }

    /// Returns the official account that the access token belongs to.
    pub(super) fn official_account(&self) -> Result<&'r OfficialAccount, Errcode> {
        let app = self.app_of_token()?;
        self.shared.account(app.name).map_err(|_other_kind| Errcode::UNAUTHORIZED)
    }

    /// Returns the official account that the access token belongs to, which has the rights of a verified service account.
    pub(super) fn verified_account(&self) -> Result<&'r OfficialAccount, Errcode> {
        let account = self.official_account()?;
        if account.verified { Ok(account) } else { Err(Errcode::UNAUTHORIZED) }
    }

    /// Returns the mini program that the access token belongs to.
    pub(super) fn mini_program(&self) -> Result<App<'r>, Errcode> {
        let app = self.app_of_token()?;
        if app.kind == AppKind::MiniProgram { Ok(app) } else { Err(Errcode::UNAUTHORIZED) }
    }

    fn app_of_token(&self) -> Result<App<'r>, Errcode> {
        let token = self.parameter("access_token").ok_or(Errcode::TOKEN_MISSING)?;
        if !has_form_of_token(token) {
            return Err(Errcode::TOKEN_MALFORMED);
        }
        let now = self.shared.now();
        let app_id = self.shared.read(|state| state.access_tokens.check(token, now).map(str::to_owned))?;
        self.shared.app_by_id(&app_id).ok_or(Errcode::TOKEN_INVALID)
    }

    /// Checks `appid` and `secret` in the query, as [`app_of_secret`] does, and `grant_type`.
    pub(super) fn app_of_secret(&self, kinds: &[AppKind]) -> Result<App<'r>, Errcode> {
        let app = app_of_secret(self.shared, self.parameter("appid"), self.parameter("secret"), kinds)?;
        check_grant(self.parameter("grant_type"), "authorization_code")?;
        Ok(app)
    }
}

fn has_form_of_token(token: &str) -> bool {
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    token.len() <= 512
        && token.bytes().all(in_token)
        && token.split_once('_').is_some_and(|(mark, rest)| {
            !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_digit()) && rest.len() >= 100
        })
}

/// Checks app id and secret; an app of another kind than one of these is as good as unknown.
pub(super) fn app_of_secret<'s>(
    shared: &'s SharedState,
    app_id: Option<&str>,
    secret: Option<&str>,
    kinds: &[AppKind],
) -> Result<App<'s>, Errcode> {
    let app_id = app_id.filter(|text| !text.is_empty()).ok_or(Errcode::APPID_MISSING)?;
    let secret = secret.filter(|text| !text.is_empty()).ok_or(Errcode::SECRET_MISSING)?;
    let app = shared.app_by_id(app_id).filter(|app| kinds.contains(&app.kind));
    let app = app.ok_or(Errcode::APPID_INVALID)?;
    if app.has_secret(secret) { Ok(app) } else { Err(Errcode::SECRET_INVALID) }
}

/// Checks `grant_type`.
pub(super) fn check_grant(grant_type: Option<&str>, wanted: &str) -> Result<(), Errcode> {
    if grant_type == Some(wanted) { Ok(()) } else { Err(Errcode::GRANT_TYPE_INVALID) }
}

/// Adds a unionid, where there is one.
pub(super) fn add_unionid(answer: &mut Value, unionid: Option<String>) {
    if let Some((fields, unionid)) = answer.as_object_mut().zip(unionid) {
        fields.insert("unionid".to_owned(), unionid.into());
    }
}
