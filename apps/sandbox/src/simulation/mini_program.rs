//! What a mini program on a person's phone gets from WeChat.

use super::Simulation;
use crate::error::SandboxError;
use crate::open_data::{EncryptedData, PhoneData, encrypt, phone_info};
use crate::state::{MINI_CODE_S, MiniLogin};

impl Simulation {
    /// `wx.login`: returns a code, and the person has a new session key.
    pub(crate) fn wx_login(&self, person: &str, app: &str) -> Result<String, SandboxError> {
        let app = self.shared.mini_program(app)?;
        let random = &self.shared.random;
        let (code, session_key, now) = (random.code(), random.session_key(), self.shared.now());
        self.shared.write(|state| {
            state.people.get(person)?;
            state.mini_sessions.renew(app.app_id, person, session_key.clone());
            let login = MiniLogin { person: person.to_owned(), session_key };
            state.login_codes.add(code.clone(), app.app_id, login, now, MINI_CODE_S);
            Ok(code)
        })
    }

    /// `getPhoneNumber`, the new way: returns a code.
    pub(crate) fn phone_code(&self, person: &str, app: &str) -> Result<String, SandboxError> {
        let app = self.shared.mini_program(app)?;
        let (code, now) = (self.shared.random.code(), self.shared.now());
        self.shared.write(|state| {
            state.people.get(person)?;
            state.phone_codes.add(code.clone(), app.app_id, person.to_owned(), now, MINI_CODE_S);
            Ok(code)
        })
    }

    /// `getPhoneNumber`, the old way: returns the phone number under the session key.
    pub(crate) fn encrypted_phone(
        &self,
        person: &str,
        app: &str,
        data: &PhoneData,
    ) -> Result<EncryptedData, SandboxError> {
        let app = self.shared.mini_program(app)?;
        let no_session = || SandboxError::NoMiniSession(app.name.to_owned());
        let (phone, key) = self.shared.read(|state| {
            let phone = state.people.get(person)?.phone.clone();
            let current = state.mini_sessions.current(app.app_id, person).ok_or_else(no_session)?;
            let outdated = state.mini_sessions.outdated(app.app_id, person);
            let key = if data.outdated_key { outdated } else { Some(current) };
            Ok::<_, SandboxError>((phone, key.map(str::to_owned)))
        })?;
        let key = key.unwrap_or_else(|| self.shared.random.session_key());
        let age_s = i64::try_from(data.age.as_secs()).unwrap_or(i64::MAX);
        let app_id = data.watermark_app_id.as_deref().unwrap_or(app.app_id);
        let plain = phone_info(&phone, app_id, self.shared.now().saturating_sub(age_s)).to_string();
        encrypt(&key, &self.shared.random.bytes(), plain.as_bytes()).ok_or_else(no_session)
    }
}
