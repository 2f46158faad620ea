//! The ways in that a page can offer.

use saoma_domain::services::SmsLogin;
use serde::Serialize;
use utoipa::ToSchema;

use super::LoginChannel;
use crate::config::{AppConfig, Config};

/// The channels that a page can begin, in the order in which it offers them.
const ORDER: [LoginChannel; 4] = [
    LoginChannel::OfficialAccount,
    LoginChannel::MiniProgramCode,
    LoginChannel::InWechat,
    LoginChannel::Website,
];

/// A way in that a page can offer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageChannel {
    /// What `channel` of `POST /v1/logins` is.
    channel: LoginChannel,
    /// What `app` of `POST /v1/logins` is; absent where no WeChat app is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<String>,
    /// The kind of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// The app as WeChat shows it, where the configuration says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<PageAccount>,
}

/// An app as WeChat shows it: the account that the person is going to follow.
#[derive(Debug, Serialize, ToSchema)]
struct PageAccount {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
}

/// Returns the ways in; of each channel the first one is what is taken where no app is named.
pub(super) fn page_channels(config: &Config, path: &dyn Fn(&str) -> Option<String>) -> Vec<PageChannel> {
    let of_app = |channel: LoginChannel, app: &AppConfig| PageChannel {
        channel,
        app: Some(app.name.to_string()),
        kind: Some(app.kind.as_str()),
        account: account(app, path),
    };
    let apps = |channel: LoginChannel| {
        let apps = channel.app_kind().into_iter().flat_map(|kind| config.wechat.apps_of(kind));
        // An account without the right to QR codes has none to web authorization either.
        let apps = apps.filter(move |app| channel != LoginChannel::InWechat || !app.login_by.is_message());
        let needs_page = channel == LoginChannel::MiniProgramCode;
        let apps = apps.filter(move |app| !needs_page || app.login_page.is_some());
        apps.map(move |app| of_app(channel, app))
    };
    let sms = PageChannel { channel: LoginChannel::Sms, app: None, kind: None, account: None };
    ORDER.into_iter().flat_map(apps).chain((config.login.sms != SmsLogin::Off).then_some(sms)).collect()
}

fn account(app: &AppConfig, path: &dyn Fn(&str) -> Option<String>) -> Option<PageAccount> {
    let (name, picture) = (app.shown.name.clone(), path(&format!("app-{}", app.name)));
    (name.is_some() || picture.is_some()).then_some(PageAccount { name, picture })
}
