//! What WeChat apps know of persons, read anew once a day for those who log in.

use std::{sync::Arc, time::Duration};

use super::{Policy, ServiceError, session_invalidation::SessionInvalidation};
use crate::{
    account::{AccountId, IdentityId},
    keys::{KeyRing, Purpose},
    login::Channel,
    ports::{
        AppProfiles, Background, Clock, DueProfile, OAuth, OfficialAccount, ProfileClaim, ProfileNews,
        Random, SealedRefreshToken,
    },
    wechat::{AppName, AppProfile, AuthorizedUser, RefreshToken},
};

/// How long WeChat may take in the background: longer than any answer that still comes.
const ASK_WITHIN: Duration = Duration::from_secs(30);

/// How long WeChat takes a refresh token; using it does not make it good for longer.
const REFRESH_TOKEN_GOOD_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Keeps what WeChat apps know of persons.
pub struct AppProfileService {
    pub(super) profiles: Arc<dyn AppProfiles>,
    pub(super) official_account: Arc<dyn OfficialAccount>,
    pub(super) oauth: Arc<dyn OAuth>,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) background: Arc<dyn Background>,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keys: Arc<KeyRing>,
    pub(super) policy: Arc<Policy>,
}

impl AppProfileService {
    /// Lists what the apps know of an account's persons.
    ///
    /// # Errors
    /// [`ServiceError::Store`].
    pub async fn of_account(
        &self,
        account: AccountId,
    ) -> Result<Vec<(IdentityId, AppProfile)>, ServiceError> {
        Ok(self.profiles.app_profiles(account).await?)
    }

    /// Asks WeChat in the background for the profiles of an account that are due.
    pub(super) fn refresh_in_background(self: &Arc<Self>, account: AccountId) {
        let service = Arc::clone(self);
        let work = async move { Ok(service.refresh(account).await?) };
        self.background.spawn("reading what WeChat tells of a person", Box::pin(work));
    }

    async fn refresh(&self, account: AccountId) -> Result<(), ServiceError> {
        let is_official = |(app, channel): (&AppName, &Channel)| {
            (*channel == Channel::OfficialAccount).then(|| app.clone())
        };
        let followers_of = self.policy.apps.iter().filter_map(is_official).collect();
        let claim = ProfileClaim { account, followers_of, at: self.clock.now() };
        for due in self.profiles.claim_profiles(claim).await? {
            self.read(due).await?;
        }
        Ok(())
    }

    /// Reads one profile. What WeChat does not tell now is asked for another day: the client of WeChat's API has said why.
    async fn read(&self, due: DueProfile) -> Result<(), ServiceError> {
        let DueProfile { identity, follows, refresh_token } = due;
        let mut news = no_news(identity.id);
        if follows
            && let Ok(told) =
                self.official_account.follower(&identity.app, &identity.openid, ASK_WITHIN).await
            && told.subscribed
        {
            news.follower = Some(told.profile);
        }
        if let Some(token) = refresh_token.and_then(|sealed| self.opened(identity.id, &sealed))
            && let Ok(told) = self.oauth.refresh(&identity.app, &token).await
            && told.openid == identity.openid
        {
            news.authorization = Some(told.details);
            (news.nickname, news.avatar_url) = (told.profile.nickname, told.profile.avatar_url);
        }
        if news == no_news(identity.id) { Ok(()) } else { self.keep(news).await }
    }

    /// Keeps what came with an authorization, and the token to ask with again.
    ///
    /// The person is logged in whether this can be kept or not.
    pub(super) async fn keep_authorization(&self, identity: IdentityId, app: &AppName, told: Authorized) {
        let Authorized { details, refresh_token } = told;
        let at = self.clock.now();
        let refresh_token = refresh_token.and_then(|token| self.sealed(identity, &token));
        if refresh_token.is_none() && details == AppProfile::default() {
            return;
        }
        // An official account can still ask about its follower today.
        let tells_more = self.policy.apps.get(app) == Some(&Channel::OfficialAccount);
        let refreshed_at = (!tells_more).then_some(at);
        let news =
            ProfileNews { authorization: Some(details), refresh_token, refreshed_at, ..no_news(identity) };
        // What is not kept now is kept at the next login.
        let _ = self.keep(news).await;
    }

    async fn keep(&self, news: ProfileNews) -> Result<(), ServiceError> {
        if let Some(account) = self.profiles.keep_profile(news).await? {
            self.invalidation.account_changed(account).await;
        }
        Ok(())
    }

    fn sealed(&self, identity: IdentityId, token: &RefreshToken) -> Option<SealedRefreshToken> {
        let (about, plain) = (identity.to_string(), token.reveal().as_bytes());
        let sealed =
            self.keys.current().seal(Purpose::WechatRefreshToken, &*self.random, about.as_bytes(), plain);
        Some(SealedRefreshToken {
            sealed: sealed.ok()?,
            until: self.clock.now().plus(REFRESH_TOKEN_GOOD_FOR),
        })
    }

    /// Opens a token; `None` for one that was sealed with a key that is gone.
    fn opened(&self, identity: IdentityId, token: &SealedRefreshToken) -> Option<RefreshToken> {
        let about = identity.to_string();
        let plain = self.keys.open(Purpose::WechatRefreshToken, about.as_bytes(), &token.sealed)?;
        std::str::from_utf8(&plain).ok().map(|text| RefreshToken::new(text.to_owned()))
    }
}

fn no_news(identity: IdentityId) -> ProfileNews {
    ProfileNews {
        identity,
        follower: None,
        authorization: None,
        nickname: None,
        avatar_url: None,
        refresh_token: None,
        refreshed_at: None,
    }
}

/// What came with an authorization besides who it is.
#[derive(Clone)]
pub(super) struct Authorized {
    details: AppProfile,
    refresh_token: Option<RefreshToken>,
}

impl From<&AuthorizedUser> for Authorized {
    fn from(user: &AuthorizedUser) -> Self {
        Self { details: user.details.clone(), refresh_token: user.refresh_token.clone() }
    }
}
