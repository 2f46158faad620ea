//! Attempts to enter a code.

use std::time::Duration;

use saoma_domain::{
    ports::CodeAttempt::{self, Gone, Right, Wrong},
    sms::SmsCodeDigest,
};

use super::{SmsCodesStage, TTL, digest};
use crate::all_at_once;

pub(crate) async fn the_right_code_is_right_until_its_attempts_are_used_up(stage: SmsCodesStage) {
    stage.put(1, 3).await;
    for expected in [Right, Right, Right, Gone, Gone] {
        assert_eq!(stage.attempt(1).await, expected);
    }
}

pub(crate) async fn a_wrong_code_says_how_many_attempts_are_left(stage: SmsCodesStage) {
    stage.put(1, 5).await;
    for attempts_left in [4, 3, 2, 1, 0] {
        assert_eq!(stage.attempt(2).await, Wrong { attempts_left });
    }
    assert_eq!(stage.attempt(2).await, Gone);
}

pub(crate) async fn the_right_code_comes_too_late_once_the_attempts_are_used_up(stage: SmsCodesStage) {
    stage.put(1, 2).await;
    stage.attempt(2).await;
    assert_eq!(stage.attempt(3).await, Wrong { attempts_left: 0 });
    assert_eq!(stage.attempt(1).await, Gone);
}

pub(crate) async fn the_right_code_is_right_after_a_wrong_one(stage: SmsCodesStage) {
    stage.put(1, 5).await;
    assert_eq!(stage.attempt(2).await, Wrong { attempts_left: 4 });
    assert_eq!(stage.attempt(1).await, Right);
    assert_eq!(stage.attempt(2).await, Wrong { attempts_left: 2 }, "a right attempt counts as well");
}

pub(crate) async fn a_new_code_replaces_the_old_one(stage: SmsCodesStage) {
    stage.put(1, 5).await;
    stage.put(2, 5).await;
    assert_eq!(stage.attempt(1).await, Wrong { attempts_left: 4 });
    assert_eq!(stage.attempt(2).await, Right);
}

pub(crate) async fn a_new_code_has_its_own_attempts(stage: SmsCodesStage) {
    stage.put(1, 1).await;
    assert_eq!(stage.attempt(9).await, Wrong { attempts_left: 0 });
    stage.put(2, 2).await;
    assert_eq!(stage.attempt(9).await, Wrong { attempts_left: 1 });
    assert_eq!(stage.attempt(2).await, Right);
    assert_eq!(stage.attempt(2).await, Gone);
}

pub(crate) async fn a_code_expires(stage: SmsCodesStage) {
    stage.put(1, 5).await;
    let until = stage.now.plus(TTL);
    assert_eq!(stage.attempt_at(1, until.minus(Duration::from_millis(1))).await, Right);
    assert_eq!(stage.attempt_at(1, until).await, Gone);
    assert_eq!(stage.attempt_at(2, until.plus(TTL)).await, Gone);
}

pub(crate) async fn without_a_code_every_attempt_comes_too_late(stage: SmsCodesStage) {
    assert_eq!(stage.attempt(1).await, Gone);
}

pub(crate) async fn a_code_belongs_to_its_login(stage: SmsCodesStage) {
    stage.put(1, 1).await;
    let other = stage.codes.attempt(stage.login(2), digest(1), stage.now).await;
    assert_eq!(other, Ok(Gone));
    assert_eq!(stage.attempt(1).await, Right, "the other login used no attempt");
}

async fn at_once(stage: &SmsCodesStage, code: u64) -> Vec<CodeAttempt> {
    let attempts = (0..200).map(|_| {
        let stage = stage.clone();
        async move { stage.attempt(code).await }
    });
    all_at_once(attempts).await
}

pub(crate) async fn an_attempt_for_another_number_is_told_apart_and_counts(stage: SmsCodesStage) {
    stage.put(1, 3).await;
    for (code, attempts_left) in [(1, 2), (2, 1)] {
        let elsewhere = SmsCodeDigest { number: [8; 16], ..digest(code) };
        let attempt = stage.codes.attempt(stage.login(1), elsewhere, stage.now).await;
        assert_eq!(attempt, Ok(CodeAttempt::OtherNumber { attempts_left }));
    }
    assert_eq!(stage.attempt(1).await, Right);
    assert_eq!(stage.attempt(1).await, Gone);
}

pub(crate) async fn wrong_attempts_at_once_are_never_more_than_the_code_has(stage: SmsCodesStage) {
    stage.put(1, 5).await;
    let mut left = Vec::new();
    for attempt in at_once(&stage, 2).await {
        match attempt {
            Wrong { attempts_left } => left.push(attempts_left),
            Gone => {}
            Right | CodeAttempt::OtherNumber { .. } => panic!("the code is wrong"),
        }
    }
    left.sort_unstable();
    assert_eq!(left, [0, 1, 2, 3, 4]);
    assert_eq!(stage.attempt(1).await, Gone);
}

pub(crate) async fn right_attempts_at_once_are_never_more_than_the_code_has(stage: SmsCodesStage) {
    stage.put(1, 5).await;
    let attempts = at_once(&stage, 1).await;
    assert_eq!(attempts.iter().filter(|attempt| **attempt == Right).count(), 5);
    assert_eq!(attempts.iter().filter(|attempt| **attempt == Gone).count(), 195);
}
