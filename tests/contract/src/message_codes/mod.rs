//! The suite of the codes that people send as messages.

mod codes;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    login::{LoginScene, ScenePurpose},
    ports::MessageCodes,
    time::Timestamp,
};

use crate::{
    TestTime, Timed,
    values::{QR_TTL, app, login_id, message_code},
};

const TTL: Duration = Duration::from_secs(180);

suite! { $
    /// Runs the cases of `MessageCodes` on an adapter.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    message_codes_suite: message_codes on MessageCodesStage {
        codes:
            a_claimed_code_leads_to_its_login,
            a_code_that_was_not_claimed_leads_nowhere,
            a_code_is_claimed_for_one_login,
            the_code_of_one_app_is_none_of_another,
            a_code_is_over_with_its_time,
            a_code_that_is_over_can_be_claimed_again,
            of_many_who_claim_a_code_at_once_one_gets_it;
    }
}

/// One adapter with its time.
#[derive(Clone)]
pub struct MessageCodesStage {
    codes: Arc<dyn MessageCodes>,
    time: Arc<dyn TestTime>,
}

impl MessageCodesStage {
    /// Makes the stage of one case from an empty adapter.
    pub fn new<C: MessageCodes + 'static>(codes: Timed<C, impl TestTime + 'static>) -> Self {
        Self { codes: Arc::new(codes.adapter), time: Arc::new(codes.time) }
    }

    /// Returns the scene of the login with this number.
    fn scene(&self, number: u64) -> LoginScene {
        let purpose = ScenePurpose::parse("pc-web").expect("it is one");
        LoginScene { purpose, id: login_id(number, self.time.now().plus(QR_TTL)) }
    }

    /// Claims a code for a login, for the usual time.
    async fn claim(&self, name: &str, code: &str, login: &LoginScene) -> bool {
        self.claim_until(name, code, login, self.time.now().plus(TTL)).await
    }

    async fn claim_until(&self, name: &str, code: &str, login: &LoginScene, until: Timestamp) -> bool {
        self.codes.claim(&app(name), &message_code(code), login, until).await.expect("the store works")
    }

    async fn find(&self, name: &str, code: &str) -> Option<LoginScene> {
        self.find_at(name, code, self.time.now()).await
    }

    async fn find_at(&self, name: &str, code: &str, now: Timestamp) -> Option<LoginScene> {
        self.codes.find(&app(name), &message_code(code), now).await.expect("the store works")
    }
}
