//! Official accounts whose followers and failures are scripted.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    ports::{OfficialAccount, WechatError},
    wechat::{AppName, Follower, OpenId, QrTicket},
};

/// WeChat's code for an action that is not one, such as a scene that is too long.
const INVALID_ACTION: i64 = 40053;

/// WeChat's code for an openid that the account does not know.
const INVALID_OPENID: i64 = 40003;

const LONGEST_SCENE: usize = 64;

/// The longest that WeChat honours a temporary code.
const LONGEST_LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Official accounts for tests: they make QR codes up, know the followers that they were told, and fail when
/// they were told to.
#[derive(Debug)]
pub struct FakeOfficialAccount {
    state: Mutex<OfficialAccountScript>,
}

#[derive(Debug, Default)]
struct OfficialAccountScript {
    followers: HashMap<AppName, HashMap<OpenId, Follower>>,
    scenes: BTreeMap<String, String>,
    failures: VecDeque<WechatError>,
    texts: Vec<(AppName, OpenId, String)>,
}

impl FakeOfficialAccount {
    /// Returns accounts with these names and without followers.
    pub fn new(apps: impl IntoIterator<Item = AppName>) -> Self {
        let followers = apps.into_iter().map(|app| (app, HashMap::new())).collect();
        Self { state: Mutex::new(OfficialAccountScript { followers, ..OfficialAccountScript::default() }) }
    }

    /// Tells an account what is known about a person; does nothing for an account that there is not.
    pub fn know(&self, app: &AppName, openid: OpenId, follower: Follower) {
        if let Some(followers) = self.lock().followers.get_mut(app) {
            followers.insert(openid, follower);
        }
    }

    /// Lets the next call that has no failure yet fail with this one.
    pub fn fail_next(&self, failure: WechatError) {
        self.lock().failures.push_back(failure);
    }

    /// Returns the texts that were sent into chats, the oldest first.
    pub fn texts(&self) -> Vec<(AppName, OpenId, String)> {
        self.lock().texts.clone()
    }

    /// Returns the scene that a scan of the QR code with this URL is reported with.
    pub fn scene_of(&self, url: &str) -> Option<String> {
        self.lock().scenes.get(url).cloned()
    }

    /// Returns how many QR codes were made.
    pub fn codes(&self) -> usize {
        self.lock().scenes.len()
    }

    /// Returns how many failures of the script are still to come.
    pub fn failures_left(&self) -> usize {
        self.lock().failures.len()
    }

    fn lock(&self) -> MutexGuard<'_, OfficialAccountScript> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OfficialAccountScript {
    /// Begins a call: it fails by the script, or because there is no such account.
    fn called(&mut self, app: &AppName) -> Result<&HashMap<OpenId, Follower>, WechatError> {
        if let Some(failure) = self.failures.pop_front() {
            return Err(failure);
        }
        self.followers.get(app).ok_or(WechatError::UnknownApp)
    }
}

#[async_trait]
impl OfficialAccount for FakeOfficialAccount {
    async fn create_qr(
        &self,
        app: &AppName,
        scene: &str,
        lifetime: Duration,
    ) -> Result<QrTicket, WechatError> {
        let mut state = self.lock();
        state.called(app)?;
        if scene.is_empty() || scene.len() > LONGEST_SCENE || !scene.is_ascii() {
            let advice = "use a scene of 1 to 64 ASCII characters".to_owned();
            return Err(WechatError::Refused { errcode: INVALID_ACTION, advice });
        }
        let number = state.scenes.len() + 1;
        let url = format!("http://weixin.qq.com/q/02fake{number:06}");
        let image_url = format!("https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=fake{number:06}");
        state.scenes.insert(url.clone(), scene.to_owned());
        Ok(QrTicket { url, image_url, lifetime: lifetime.min(LONGEST_LIFETIME) })
    }

    async fn follower(
        &self,
        app: &AppName,
        openid: &OpenId,
        _within: Duration,
    ) -> Result<Follower, WechatError> {
        let mut state = self.lock();
        let known = state.called(app)?.get(openid).cloned();
        known.ok_or(WechatError::NotFound { errcode: INVALID_OPENID })
    }

    async fn send_text(&self, app: &AppName, openid: &OpenId, text: &str) -> Result<(), WechatError> {
        let mut state = self.lock();
        state.called(app)?;
        state.texts.push((app.clone(), openid.clone(), text.to_owned()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{app, openid, unionid};

    use super::*;

    const A_MINUTE: Duration = Duration::from_secs(60);

    fn main_account() -> FakeOfficialAccount {
        FakeOfficialAccount::new([app("main")])
    }

    #[tokio::test]
    async fn every_code_leads_to_its_scene() {
        let account = main_account();
        let first = account.create_qr(&app("main"), "login:web:1", A_MINUTE).await.unwrap();
        let second = account.create_qr(&app("main"), "login:web:2", A_MINUTE).await.unwrap();
        assert_eq!(account.scene_of(&first.url).as_deref(), Some("login:web:1"));
        assert_eq!(account.scene_of(&second.url).as_deref(), Some("login:web:2"));
        assert_ne!(first.image_url, second.image_url);
        assert_eq!(first.lifetime, A_MINUTE);
        let longest = account.create_qr(&app("main"), "x", Duration::MAX).await.unwrap();
        assert_eq!(longest.lifetime, LONGEST_LIFETIME);
    }

    #[tokio::test]
    async fn a_scene_that_wechat_would_refuse_is_refused() {
        for scene in ["", &"x".repeat(65), "登录"] {
            let refused = main_account().create_qr(&app("main"), scene, A_MINUTE).await;
            assert!(matches!(refused, Err(WechatError::Refused { errcode: INVALID_ACTION, .. })), "{scene}");
        }
    }

    #[tokio::test]
    async fn a_person_is_known_to_the_account_that_was_told() {
        let account = FakeOfficialAccount::new([app("main"), app("shop")]);
        let follower = Follower { subscribed: true, unionid: Some(unionid("uAnna")), ..Follower::default() };
        account.know(&app("main"), openid("oAnna"), follower.clone());
        assert_eq!(account.follower(&app("main"), &openid("oAnna"), A_MINUTE).await, Ok(follower));
        let unknown = Err(WechatError::NotFound { errcode: INVALID_OPENID });
        assert_eq!(account.follower(&app("shop"), &openid("oAnna"), A_MINUTE).await, unknown);
        assert_eq!(
            account.follower(&app("other"), &openid("oAnna"), A_MINUTE).await,
            Err(WechatError::UnknownApp)
        );
    }

    #[tokio::test]
    async fn failures_come_in_the_order_of_the_script() {
        let account = main_account();
        let busy = WechatError::Unavailable { reason: "system busy".to_owned(), retry_after: A_MINUTE };
        account.fail_next(busy.clone());
        account.fail_next(WechatError::NotFound { errcode: 1 });
        assert_eq!(account.create_qr(&app("main"), "x", A_MINUTE).await, Err(busy));
        let second = account.follower(&app("main"), &openid("oAnna"), A_MINUTE).await;
        assert_eq!(second, Err(WechatError::NotFound { errcode: 1 }));
        assert!(account.create_qr(&app("main"), "x", A_MINUTE).await.is_ok());
    }
}
