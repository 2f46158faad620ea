//! The codes of messages, of one process.

use std::sync::Arc;

use async_trait::async_trait;
use saoma_domain::{
    login::{LoginScene, MessageCode},
    ports::{Clock, MessageCodes, StoreError},
    time::Timestamp,
    wechat::AppName,
};

use crate::store::Bounded;

/// The codes that people send as messages, on a node that shares them with no other.
///
/// A full store refuses the code of another login; the codes that it has stay valid.
pub struct MemoryMessageCodes {
    pub(crate) codes: Bounded<(AppName, MessageCode), LoginScene>,
    clock: Arc<dyn Clock>,
}

impl MemoryMessageCodes {
    /// 100,000 codes, at most 300 bytes each: a tenth of all that an app has.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// Returns an empty store for at most `capacity` codes that expire by this clock.
    pub fn new(clock: Arc<dyn Clock>, capacity: usize) -> Self {
        Self { codes: Bounded::new(capacity), clock }
    }
}

#[async_trait]
impl MessageCodes for MemoryMessageCodes {
    async fn claim(
        &self,
        app: &AppName,
        code: &MessageCode,
        login: &LoginScene,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let key = (app.clone(), code.clone());
        let mut codes = self.codes.write(&key, self.clock.now());
        if codes.get_mut(&key).is_some() {
            return Ok(false);
        }
        let has_room = codes.insert(key, login.clone(), until);
        has_room
            .then_some(true)
            .ok_or_else(|| StoreError::Unavailable("this node holds too many codes of messages".to_owned()))
    }

    async fn find(
        &self,
        app: &AppName,
        code: &MessageCode,
        now: Timestamp,
    ) -> Result<Option<LoginScene>, StoreError> {
        let key = (app.clone(), code.clone());
        Ok(self.codes.lock(&key).get(&key, now).cloned())
    }
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{app, at, login, message_code};
    use saoma_domain::login::ScenePurpose;
    use saoma_testing::ManualClock;

    use super::*;

    #[tokio::test]
    async fn a_full_store_takes_no_more_codes_and_keeps_the_old_ones() {
        let clock = Arc::new(ManualClock::new(at(0)));
        let codes = MemoryMessageCodes::new(clock.clone(), 2);
        let scene = LoginScene { purpose: ScenePurpose::default(), id: login(1) };
        for code in ["000001", "000002"] {
            assert_eq!(codes.claim(&app("main"), &message_code(code), &scene, at(180)).await, Ok(true));
        }
        let refused = codes.claim(&app("main"), &message_code("000003"), &scene, at(180)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        let found = codes.find(&app("main"), &message_code("000001"), at(1)).await;
        assert_eq!(found, Ok(Some(scene.clone())));

        clock.set(at(182));
        assert_eq!(codes.claim(&app("main"), &message_code("000003"), &scene, at(300)).await, Ok(true));
        codes.codes.remove_expired(at(182), usize::MAX);
        assert_eq!(codes.codes.len(), 1);
    }
}
