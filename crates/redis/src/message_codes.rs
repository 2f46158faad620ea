//! The codes that people send as messages, each with the login that it was claimed for.

use async_trait::async_trait;
use redis::Value;
use saoma_domain::{
    keys::Purpose,
    login::{LoginScene, MessageCode},
    ports::{MessageCodes, StoreError},
    time::Timestamp,
    wechat::AppName,
};
use serde::{Deserialize, Serialize};

use crate::{connection::Request, record, retention, sealing::Sealer, store::RedisStore};

/// An entry as it lies in Redis, sealed for its app and code: one that was moved or kept from another time leads to no login of
/// another app.
#[derive(Serialize, Deserialize)]
struct CodeRecord<'a> {
    until: i64,
    scene: &'a str,
}

#[async_trait]
impl MessageCodes for RedisStore {
    async fn claim(
        &self,
        app: &AppName,
        code: &MessageCode,
        login: &LoginScene,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        // One whose time is over leads nowhere, and need not be kept.
        let Some(kept_for) = retention::exact(until, self.now()) else { return Ok(true) };
        let request = Request::command("SET")
            .arg(self.keys.message_code(app, code))
            .arg(write(&self.sealer, (app, code), login, until))
            .arg("PX")
            .arg(kept_for)
            .arg("NX");
        let claimed: Option<Value> = self.connection.ask(&request).await?;
        Ok(claimed.is_some())
    }

    async fn find(
        &self,
        app: &AppName,
        code: &MessageCode,
        now: Timestamp,
    ) -> Result<Option<LoginScene>, StoreError> {
        let mut found = None;
        for key in self.keys.message_codes(app, code) {
            let stored: Option<Vec<u8>> = self.connection.ask(&Request::command("GET").arg(key)).await?;
            let read = stored.and_then(|sealed| read(&self.sealer, (app, code), &sealed, now));
            if read.is_some() && found.is_some() {
                // Claimed twice, while nodes change over to another key: none of the two can be told from the other.
                return Ok(None);
            }
            found = read.or(found);
        }
        Ok(found)
    }
}

fn about((app, code): (&AppName, &MessageCode)) -> Vec<u8> {
    format!("{app}:{}", code.reveal()).into_bytes()
}

fn write(sealer: &Sealer, named: (&AppName, &MessageCode), login: &LoginScene, until: Timestamp) -> Vec<u8> {
    let scene = login.to_string();
    let plain = record::write(&CodeRecord { until: until.as_millis(), scene: &scene });
    sealer.seal(Purpose::MessageCode, &about(named), &plain)
}

/// Opens an entry; `None` when its time is over, or it was not sealed for this app and code.
fn read(
    sealer: &Sealer,
    named: (&AppName, &MessageCode),
    sealed: &[u8],
    now: Timestamp,
) -> Option<LoginScene> {
    let plain = sealer.open(Purpose::MessageCode, &about(named), sealed)?;
    let CodeRecord { until, scene } = record::read(&plain)?;
    LoginScene::verify(scene, &sealer.keys).filter(|_| now < Timestamp::from_millis(until))
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{app, at, login, message_code};
    use saoma_domain::login::ScenePurpose;

    use super::*;
    use crate::sealing::tests::sealer;

    #[test]
    fn an_entry_is_read_for_its_own_app_and_code_alone_and_in_its_time() {
        let (sealer, scene) = (sealer(), LoginScene { purpose: ScenePurpose::default(), id: login(1) });
        let (main, code) = (app("main"), message_code("482913"));
        let sealed = write(&sealer, (&main, &code), &scene, at(180));
        assert_eq!(read(&sealer, (&main, &code), &sealed, at(179)), Some(scene));
        assert_eq!(read(&sealer, (&main, &code), &sealed, at(180)), None, "its time is over");
        assert_eq!(read(&sealer, (&app("shop"), &code), &sealed, at(1)), None, "another app's");
        assert_eq!(read(&sealer, (&main, &message_code("482914")), &sealed, at(1)), None, "another code's");
        assert_eq!(read(&sealer, (&main, &code), b"login:web:x", at(1)), None, "in clear");
    }
}
