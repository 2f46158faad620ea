//! The suite of the SMS codes.

mod attempts;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    login::LoginId,
    ports::{CodeAttempt, SmsCodes},
    sms::SmsCodeDigest,
    time::Timestamp,
};

use crate::{
    TestTime, Timed,
    values::{QR_TTL, login_id, proof},
};

const TTL: Duration = Duration::from_secs(180);

suite! { $
    /// Runs the cases of `SmsCodes` on an adapter.
    ///
    /// Takes an asynchronous function without arguments that returns [`Timed`](crate::Timed), an empty
    /// adapter with its time, and a guard.
    sms_codes_suite: sms_codes on SmsCodesStage {
        attempts:
            the_right_code_is_right_until_its_attempts_are_used_up,
            a_wrong_code_says_how_many_attempts_are_left,
            the_right_code_comes_too_late_once_the_attempts_are_used_up,
            the_right_code_is_right_after_a_wrong_one,
            a_new_code_replaces_the_old_one,
            a_new_code_has_its_own_attempts,
            a_code_expires,
            without_a_code_every_attempt_comes_too_late,
            a_code_belongs_to_its_login,
            an_attempt_for_another_number_is_told_apart_and_counts,
            wrong_attempts_at_once_are_never_more_than_the_code_has,
            right_attempts_at_once_are_never_more_than_the_code_has;
    }
}

/// One adapter with its time.
#[derive(Clone)]
pub struct SmsCodesStage {
    codes: Arc<dyn SmsCodes>,
    now: Timestamp,
}

impl SmsCodesStage {
    /// Makes the stage of one case from an empty adapter.
    pub fn new<C: SmsCodes + 'static>(codes: Timed<C, impl TestTime>) -> Self {
        Self { codes: Arc::new(codes.adapter), now: codes.time.now() }
    }

    fn login(&self, number: u64) -> LoginId {
        login_id(number, self.now.plus(QR_TTL))
    }

    /// Stores the code with this number for login 1.
    async fn put(&self, code: u64, attempts: u32) {
        let until = self.now.plus(TTL);
        self.codes.put(self.login(1), digest(code), attempts, until).await.expect("the store works");
    }

    /// Attempts the code with this number for login 1.
    async fn attempt(&self, code: u64) -> CodeAttempt {
        self.attempt_at(code, self.now).await
    }

    async fn attempt_at(&self, code: u64, now: Timestamp) -> CodeAttempt {
        self.codes.attempt(self.login(1), digest(code), now).await.expect("the store works")
    }
}

fn digest(code: u64) -> SmsCodeDigest {
    SmsCodeDigest { number: [7; 16], code: proof(code).0 }
}
