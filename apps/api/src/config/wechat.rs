//! The section `[wechat]`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use saoma_domain::{
    nearness::WhenElsewhere,
    services::ConfirmBy,
    wechat::{AppKind, AppName, OpenAccount},
};
use url::Url;

use super::{AppConfig, LoginBy, VerifyFiles, app, section::Section, verify_files};

/// Where WeChat is, and the apps that are configured there.
#[derive(Clone, Debug)]
pub struct WechatConfig {
    /// The API.
    pub api_base: Url,
    /// Where browsers are sent to.
    pub open_base: Url,
    /// Where the pictures of QR codes are.
    pub mp_base: Url,
    /// The time limit of a call.
    pub timeout: Duration,
    /// The files by which WeChat sees that the domain is the operator's.
    pub verify_files: VerifyFiles,
    /// The apps, in the order of the configuration.
    pub apps: Vec<AppConfig>,
}

impl WechatConfig {
    /// Returns the apps of a kind, in the order of the configuration.
    pub fn apps_of(&self, kind: AppKind) -> impl Iterator<Item = &AppConfig> {
        self.apps.iter().filter(move |app| app.kind == kind)
    }

    /// Returns the apps whose logins begin with a message.
    pub(crate) fn by_message(&self) -> BTreeSet<AppName> {
        self.apps.iter().filter(|app| app.login_by.is_message()).map(|app| app.name.clone()).collect()
    }

    /// Returns where the picture of an account's own QR code is, if the logins of the account begin with a message.
    pub(crate) fn account_code(&self, app: &AppConfig) -> Option<Url> {
        let LoginBy::Message { original_id } = &app.login_by else { return None };
        let mut url = self.open_base.join("/qr/code").ok()?;
        url.query_pairs_mut().append_pair("username", original_id.as_deref().unwrap_or(&app.app_id));
        Some(url)
    }

    /// Returns how the phones that scan codes of an app are asked; an app that asks nothing is not named.
    pub(crate) fn confirm_by(&self) -> BTreeMap<AppName, ConfirmBy> {
        let asking = self.apps_of(AppKind::OfficialAccount);
        asking.filter_map(|app| Some((app.name.clone(), app.chat.confirm.by()?))).collect()
    }

    /// Returns what is done about phones that are elsewhere than the client that they let in; an app that only says it is not
    /// named.
    pub(crate) fn elsewhere(&self) -> BTreeMap<AppName, WhenElsewhere> {
        let rules = self.apps.iter().map(|app| (app.name.clone(), app.chat.elsewhere));
        rules.filter(|(_, rule)| *rule != WhenElsewhere::Say).collect()
    }

    /// Returns whether every official account is a test account, and there is one.
    pub fn is_for_tests(&self) -> bool {
        let mut accounts = self.apps_of(AppKind::OfficialAccount).peekable();
        accounts.peek().is_some() && accounts.all(|app| app.test_account)
    }

    /// Returns the open-platform account of each app that is bound to one.
    pub fn open_accounts(&self) -> BTreeMap<AppName, OpenAccount> {
        self.apps.iter().filter_map(|app| Some((app.name.clone(), app.open_account.clone()?))).collect()
    }
}

pub(super) fn read(section: &mut Section<'_>) -> WechatConfig {
    let api_base = base(section, "api_base", "https://api.weixin.qq.com");
    let open_base = base(section, "open_base", "https://open.weixin.qq.com");
    let mp_base = base(section, "mp_base", "https://mp.weixin.qq.com");
    let timeout = Duration::from_millis(section.number("timeout_ms", 3000, 100..=30_000).into());
    let verify_files = verify_files::read(section);
    let (mut apps, mut names) = (Vec::new(), BTreeSet::new());
    for (at, table) in section.tables("apps").into_iter().enumerate() {
        let name = format!("apps[{at}]");
        let app = section.inside(&name, table, app::read);
        if let Some(app) = app {
            if !names.insert(app.name.clone()) {
                section.problem(&format!("{name}.name"), format!("`{}` names two apps", app.name));
            }
            apps.push(app);
        }
    }
    WechatConfig { api_base, open_base, mp_base, timeout, verify_files, apps }
}

#[expect(clippy::expect_used, reason = "the defaults are constants of this file, and every test reads them")]
fn base(section: &mut Section<'_>, key: &str, default: &str) -> Url {
    section.http_url(key).unwrap_or_else(|| Url::parse(default).expect("a constant URL"))
}
