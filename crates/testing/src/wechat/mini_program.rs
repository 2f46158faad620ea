//! Mini programs whose people, phones and failures are scripted.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    account::PhoneNumber,
    ports::{MiniProgram, OpenDataError, WechatError},
    time::Timestamp,
    wechat::{AppName, MiniProgramCode, MiniProgramUser, OpenId, SessionKey},
};

use super::codes::Codes;

/// What a picture of a code begins with.
const PICTURE: &[u8] = b"code:";

/// How old encrypted data may be.
const OLDEST_DATA: Duration = Duration::from_secs(5 * 60);

/// Mini programs for tests: they know the people and phones behind the codes that they were told, each code
/// once, open the data that they sealed themselves, and fail when they were told to.
#[derive(Debug)]
pub struct FakeMiniProgram {
    apps: HashSet<AppName>,
    script: Mutex<MiniProgramScript>,
}

#[derive(Debug, Default)]
struct MiniProgramScript {
    logins: Codes<MiniProgramUser>,
    phones: Codes<(OpenId, PhoneNumber)>,
    sealed: HashMap<(String, String), Sealed>,
    scenes: HashSet<String>,
    failures: VecDeque<WechatError>,
}

/// What stands in encrypted data.
#[derive(Clone, Debug)]
struct Sealed {
    key: String,
    app: AppName,
    phone: PhoneNumber,
    at: Timestamp,
}

impl FakeMiniProgram {
    /// Returns mini programs with these names that know no person.
    pub fn new(apps: impl IntoIterator<Item = AppName>) -> Self {
        Self { apps: apps.into_iter().collect(), script: Mutex::default() }
    }

    /// Lets a code of `wx.login` lead to a person, once.
    pub fn give_code(&self, app: &AppName, code: &str, user: MiniProgramUser) {
        self.lock().logins.give(app, code, user);
    }

    /// Lets a code of a person's `getPhoneNumber` lead to a number, once.
    pub fn give_phone_code(&self, app: &AppName, openid: OpenId, code: &str, phone: PhoneNumber) {
        self.lock().phones.give(app, code, (openid, phone));
    }

    /// Returns `encryptedData` and `iv` as the program gets them with a session key at a moment.
    pub fn seal_phone(
        &self,
        app: &AppName,
        key: &SessionKey,
        phone: PhoneNumber,
        at: Timestamp,
    ) -> (String, String) {
        let mut script = self.lock();
        let number = script.sealed.len();
        let names = (format!("ZmFrZWRhdGE{number:05}"), format!("ZmFrZWl2{number:014}=="));
        let sealed = Sealed { key: key.reveal().to_owned(), app: app.clone(), phone, at };
        script.sealed.insert(names.clone(), sealed);
        names
    }

    /// Returns the scene of a code that was made here, as a phone sees it.
    pub fn scene_of(&self, code: &MiniProgramCode) -> Option<String> {
        let text = std::str::from_utf8(code.picture.strip_prefix(PICTURE)?).ok()?;
        self.lock().scenes.contains(text).then(|| text.to_owned())
    }

    /// Lets the next question to WeChat that has no failure yet fail with this one; it uses no code up.
    pub fn fail_next(&self, failure: WechatError) {
        self.lock().failures.push_back(failure);
    }

    /// Returns the codes of `wx.login` that were sent to be exchanged, in their order, as often as each was
    /// sent.
    pub fn exchanged(&self) -> Vec<String> {
        self.lock().logins.sent()
    }

    /// Returns the codes of `getPhoneNumber` that were sent to be exchanged, likewise.
    pub fn exchanged_for_phones(&self) -> Vec<String> {
        self.lock().phones.sent()
    }

    fn lock(&self) -> MutexGuard<'_, MiniProgramScript> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fails by the script, or because there is no such app.
    fn check(&self, script: &mut MiniProgramScript, app: &AppName) -> Result<(), WechatError> {
        match script.failures.pop_front() {
            Some(failure) => Err(failure),
            None => self.apps.contains(app).then_some(()).ok_or(WechatError::UnknownApp),
        }
    }
}

#[async_trait]
impl MiniProgram for FakeMiniProgram {
    async fn exchange(&self, app: &AppName, code: &str) -> Result<MiniProgramUser, WechatError> {
        let mut script = self.lock();
        script.logins.note_sent(code);
        self.check(&mut script, app)?;
        script.logins.redeem(app, code, |_| true)
    }

    async fn login_code(&self, app: &AppName, scene: &str) -> Result<MiniProgramCode, WechatError> {
        let mut script = self.lock();
        self.check(&mut script, app)?;
        script.scenes.insert(scene.to_owned());
        Ok(MiniProgramCode { picture: [PICTURE, scene.as_bytes()].concat() })
    }

    async fn phone_number(
        &self,
        app: &AppName,
        openid: &OpenId,
        code: &str,
    ) -> Result<Option<PhoneNumber>, WechatError> {
        let mut script = self.lock();
        script.phones.note_sent(code);
        self.check(&mut script, app)?;
        let (_, phone) = script.phones.redeem(app, code, |(owner, _)| owner == openid)?;
        Ok(Some(phone))
    }

    fn open_phone(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<PhoneNumber, OpenDataError> {
        let script = self.lock();
        let names = (encrypted_data.to_owned(), iv.to_owned());
        let sealed = script.sealed.get(&names).ok_or(OpenDataError::Malformed)?;
        if sealed.key != key.reveal() {
            return Err(OpenDataError::OutdatedKey);
        }
        if sealed.app != *app {
            return Err(OpenDataError::OtherApp);
        }
        if now.saturating_duration_since(sealed.at).max(sealed.at.saturating_duration_since(now))
            > OLDEST_DATA
        {
            return Err(OpenDataError::TooOld);
        }
        Ok(sealed.phone.clone())
    }

    fn open_data(
        &self,
        app: &AppName,
        key: &SessionKey,
        encrypted_data: &str,
        iv: &str,
        now: Timestamp,
    ) -> Result<String, OpenDataError> {
        let phone = self.open_phone(app, key, encrypted_data, iv, now)?;
        Ok(format!("{{\"phoneNumber\":\"{}\"}}", phone.e164()))
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{app, at, openid, phone};

    use super::*;

    const KEY: &str = "HyVFkGl5F5OQWJZZaNzBBg==";

    fn key(text: &str) -> SessionKey {
        SessionKey::new(text.to_owned())
    }

    fn program() -> FakeMiniProgram {
        let program = FakeMiniProgram::new([app("mini"), app("other")]);
        let anna = MiniProgramUser { openid: openid("oAnna"), unionid: None, session_key: key(KEY) };
        program.give_code(&app("mini"), "c1", anna);
        program
    }

    #[tokio::test]
    async fn a_login_code_leads_to_its_person_once() {
        let program = program();
        assert_eq!(
            program.exchange(&app("other"), "c1").await.unwrap_err(),
            WechatError::NotFound { errcode: 40029 }
        );
        let anna = program.exchange(&app("mini"), "c1").await.unwrap();
        assert_eq!((anna.openid, anna.session_key.reveal()), (openid("oAnna"), KEY));
        let again = program.exchange(&app("mini"), "c1").await.unwrap_err();
        assert_eq!(again, WechatError::NotFound { errcode: 40163 });
        assert_eq!(program.exchanged(), ["c1", "c1", "c1"]);
    }

    #[tokio::test]
    async fn a_phone_code_is_its_persons_alone() {
        let program = program();
        let number = phone(1).number().clone();
        program.give_phone_code(&app("mini"), openid("oAnna"), "p1", number.clone());
        let stolen = program.phone_number(&app("mini"), &openid("oBert"), "p1").await;
        assert_eq!(stolen, Err(WechatError::NotFound { errcode: 40029 }));
        assert_eq!(program.phone_number(&app("mini"), &openid("oAnna"), "p1").await, Ok(Some(number)));
        let used = program.phone_number(&app("mini"), &openid("oAnna"), "p1").await;
        assert_eq!(used, Err(WechatError::NotFound { errcode: 40163 }));
        assert_eq!(program.exchanged_for_phones().len(), 3);
    }

    #[tokio::test]
    async fn sealed_data_opens_for_its_app_with_its_key_in_time() {
        let program = program();
        let number = phone(1).number().clone();
        let (data, iv) = program.seal_phone(&app("mini"), &key(KEY), number.clone(), at(0));
        let open = |name: &str, text: &str, now| program.open_phone(&app(name), &key(text), &data, &iv, now);
        assert_eq!(open("mini", KEY, at(300)), Ok(number));
        assert_eq!(open("mini", "another", at(1)), Err(OpenDataError::OutdatedKey));
        assert_eq!(open("other", KEY, at(1)), Err(OpenDataError::OtherApp));
        assert_eq!(open("mini", KEY, at(301)), Err(OpenDataError::TooOld));
        let other_iv = program.open_phone(&app("mini"), &key(KEY), &data, "iv", at(1));
        assert_eq!(other_iv, Err(OpenDataError::Malformed));
    }

    #[tokio::test]
    async fn a_failure_is_told_once_and_uses_no_code_up() {
        let program = program();
        let risk = WechatError::Refused { errcode: 40226, advice: "refuse the login".to_owned() };
        program.fail_next(risk.clone());
        assert_eq!(program.exchange(&app("mini"), "c1").await.unwrap_err(), risk);
        assert!(program.exchange(&app("mini"), "c1").await.is_ok());
    }
}
