//! What a mini program on a person's phone gets from WeChat.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Simulation, known};
use crate::SandboxError;
use crate::open_data::{encrypt, split_phone};
use crate::world::MiniLogin;

/// What `getPhoneNumber` gives a mini program under the session key, in Base64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EncryptedData {
    /// The JSON with the phone number, encrypted with AES-128-CBC.
    pub encrypted_data: String,
    /// The initial vector.
    pub iv: String,
}

/// How encrypted data is made that is not as it should be; the default is right in everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhoneData {
    /// Uses the session key before the current one; where there is none before, one that nobody has.
    pub outdated_key: bool,
    /// Puts another app id into the watermark.
    pub watermark_app_id: Option<String>,
    /// Dates the watermark back by whole seconds.
    pub age: Duration,
}

impl Simulation {
    /// `wx.login`: returns a code, and the person has a new session key.
    pub(crate) fn wx_login(&self, person: &str, app: &str) -> Result<String, SandboxError> {
        let app = self.world.mini_program(app)?;
        let (code, session_key, now) =
            (self.world.random.code(), self.world.random.session_key(), self.world.now());
        self.world.write(|state| {
            known(state, person)?;
            state.mini_sessions.renew(app.app_id, person, session_key.clone());
            let login = MiniLogin { person: person.to_owned(), session_key };
            state.login_codes.add(&code, app.app_id, login, now, None);
            Ok(code)
        })
    }

    /// `getPhoneNumber`, the new way: returns a code.
    pub(crate) fn phone_code(&self, person: &str, app: &str) -> Result<String, SandboxError> {
        let app = self.world.mini_program(app)?;
        let (code, now) = (self.world.random.code(), self.world.now());
        self.world.write(|state| {
            known(state, person)?;
            state.phone_codes.add(&code, app.app_id, person.to_owned(), now, None);
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
        let app = self.world.mini_program(app)?;
        let (record, current, outdated) = self.world.read(|state| {
            let keys = &state.mini_sessions;
            let owned = |key: Option<&str>| key.map(str::to_owned);
            let current = owned(keys.current(app.app_id, person));
            known(state, person).map(|record| (record, current, owned(keys.outdated(app.app_id, person))))
        })?;
        let missing = || SandboxError::NoMiniSession(app.name.to_owned());
        let current = current.ok_or_else(missing)?;
        let key = if data.outdated_key {
            outdated.unwrap_or_else(|| self.world.random.session_key())
        } else {
            current
        };
        let age_s = i64::try_from(data.age.as_secs()).unwrap_or(i64::MAX);
        let app_id = data.watermark_app_id.as_deref().unwrap_or(app.app_id);
        let plain = phone_info(&record.phone, app_id, self.world.now().saturating_sub(age_s)).to_string();
        let iv = self.world.random.block();
        let encrypted_data = encrypt(&key, &iv, plain.as_bytes()).ok_or_else(missing)?;
        Ok(EncryptedData { encrypted_data, iv: STANDARD.encode(iv) })
    }
}

/// Returns what WeChat tells of a phone number; numbers of the mainland stand there without `+86`.
pub(crate) fn phone_info(phone: &str, app_id: &str, now: i64) -> Value {
    let (country, number) = split_phone(phone);
    let shown = if country == "86" { number } else { phone };
    json!({
        "phoneNumber": shown,
        "purePhoneNumber": number,
        "countryCode": country,
        "watermark": { "timestamp": now, "appid": app_id },
    })
}
