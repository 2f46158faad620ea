//! The ways in beside the QR code of an official account.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use saoma_domain::{
    account::IdentityId,
    login::{AuthenticatedLogin, Channel, Login, LoginId, LoginState},
    ports::{Accounts, Clock, OAuth, WechatError},
    services::{OAuthReturn, ServiceError, Services, StartLogin},
    wechat::{
        AppName, AppProfile, Authorization, AuthorizedUser, MiniProgramUser, OpenAccount, Profile,
        RawUnionId, SessionKey,
    },
};
use saoma_testing::FakeOAuth;
use tokio::time::sleep;

use crate::world::{World, app, browser, open_account, openid, request, secs};

pub(crate) const REDIRECT_URI: &str = "https://login.example.com/v1/oauth/callback";
pub(crate) const SESSION_KEY: &str = "HyVFkGl5F5OQWJZZaNzBBg==";

pub(crate) fn site_request() -> StartLogin {
    request("site")
}

pub(crate) fn mini_request() -> StartLogin {
    request("mini")
}

pub(crate) fn app_request() -> StartLogin {
    request("mobile")
}

/// Returns what a browser brings back to the website.
pub(crate) fn back(code: Option<&str>) -> OAuthReturn {
    let code = code.map(str::to_owned);
    OAuthReturn { app: app("site"), channel: Channel::Website, client_info: browser(), code }
}

pub(crate) fn unionid(name: &str) -> RawUnionId {
    RawUnionId::parse(name).unwrap()
}

pub(crate) fn user(person: &str) -> AuthorizedUser {
    let profile = Profile { nickname: Some(person.to_owned()), avatar_url: None };
    AuthorizedUser {
        openid: openid(person),
        unionid: None,
        profile,
        details: AppProfile::default(),
        refresh_token: None,
        is_snapshot: false,
    }
}

pub(crate) fn user_with(person: &str, union: &str) -> AuthorizedUser {
    AuthorizedUser { unionid: Some(unionid(union)), ..user(person) }
}

pub(crate) fn mini_user(person: &str) -> MiniProgramUser {
    let session_key = SessionKey::new(SESSION_KEY.to_owned());
    MiniProgramUser { openid: openid(person), unionid: None, session_key }
}

/// Returns which apps belong to which open-platform account, the website's to one of its own.
pub(crate) fn apart() -> BTreeMap<AppName, OpenAccount> {
    let names = [("main", "one"), ("shop", "one"), ("site", "two"), ("mini", "two")];
    names.map(|(name, account)| (app(name), open_account(account))).into()
}

impl<C: Clock + 'static> World<C> {
    /// Returns a login that a browser was sent to WeChat for.
    pub(crate) async fn sent_away(&self) -> AuthenticatedLogin {
        self.services.start.with_oauth(site_request(), REDIRECT_URI).await.unwrap().auth
    }

    /// Has a browser come back to a login with a code of its own that leads to a person.
    pub(crate) async fn come_back(
        &self,
        auth: &AuthenticatedLogin,
        user: AuthorizedUser,
    ) -> Result<Login, ServiceError> {
        let code = format!("code-{}", self.oauth.exchanged().len());
        self.oauth.give_code(&app("site"), &code, user);
        self.services.oauth_returns.finish(auth, back(Some(&code))).await
    }

    /// Returns the login of a person who came in by the website.
    pub(crate) async fn by_site(&self, user: AuthorizedUser) -> (AuthenticatedLogin, Login) {
        let auth = self.sent_away().await;
        let login = self.come_back(&auth, user).await.unwrap();
        (auth, login)
    }

    /// Returns the login of a person who opened the mini program.
    pub(crate) async fn by_mini_program(&self, user: MiniProgramUser) -> (AuthenticatedLogin, Login) {
        let code = format!("js-{}", self.mini_program.exchanged().len());
        self.mini_program.give_code(&app("mini"), &code, user);
        self.services.mini_program.log_in(mini_request(), &code).await.unwrap()
    }

    /// Returns the login of a person who logged in by the mobile application.
    pub(crate) async fn by_app(&self, user: AuthorizedUser) -> (AuthenticatedLogin, Login) {
        let code = format!("sdk-{}", self.oauth.exchanged().len());
        self.oauth.give_code(&app("mobile"), &code, user);
        self.services.app.log_in(app_request(), &code).await.unwrap()
    }

    /// Returns the identities that are bound to the account of a registered login.
    pub(crate) async fn identities_of(&self, login: &Login) -> Vec<IdentityId> {
        let account = self.account_of(login).await;
        let identities = self.database.identities(account.id).await.unwrap();
        identities.into_iter().map(|identity| identity.id).collect()
    }
}

/// Returns the identity that a login waits with for a phone number.
pub(crate) fn waiting_identity(login: &Login) -> IdentityId {
    let LoginState::Unregistered { identity: Some(identity), .. } = login.state else {
        unreachable!("{login:?} waits for no phone number")
    };
    identity
}

/// WeChat, when it takes its time for every exchange.
pub(crate) struct SlowOAuth(pub(crate) Arc<FakeOAuth>, pub(crate) u64);

#[async_trait]
impl OAuth for SlowOAuth {
    fn authorization(
        &self,
        app: &AppName,
        redirect_uri: &str,
        state: LoginId,
    ) -> Result<Authorization, WechatError> {
        self.0.authorization(app, redirect_uri, state)
    }

    async fn exchange(&self, app: &AppName, code: &str) -> Result<AuthorizedUser, WechatError> {
        sleep(secs(self.1)).await;
        self.0.exchange(app, code).await
    }
}

/// Returns a node that WeChat answers after so many seconds.
pub(crate) fn slow_node<C: Clock + 'static>(world: &World<C>, seconds: u64) -> Arc<Services> {
    let oauth = Arc::new(SlowOAuth(world.oauth.clone(), seconds));
    world.node(|ports| ports.oauth = oauth)
}
