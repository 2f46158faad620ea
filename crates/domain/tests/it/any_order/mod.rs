//! Whatever happens in whatever order, the flows do what a small model says, and the invariants hold.

#![expect(
    clippy::indexing_slicing,
    reason = "an index out of range is a mistake of the test, which then fails"
)]

mod check;
mod model;
mod play;

use std::time::Duration;

use proptest::prelude::*;

use play::Play;

/// How many persons, phones and logins take part.
const PERSONS: usize = 3;
const LOGINS: usize = 3;

/// Something that somebody does, or that happens.
#[derive(Clone, Copy, Debug)]
enum Step {
    Start { app: usize },
    Join { app: usize, login: usize },
    Scan { login: usize, person: usize },
    FollowUp,
    SendCode { login: usize, phone: usize },
    Bind { login: usize, phone: usize, right: bool },
    Poll { login: usize, foreign_token: bool },
    Cancel { login: usize },
    LogOut { login: usize },
    LogOutEverywhere { login: usize },
    Pass { time: Duration },
    EmptyBoard,
    Restart,
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    let (login, person, phone) = (0..LOGINS, 0..PERSONS, 0..PERSONS);
    // Moments around every deadline that there is.
    let secs = prop::sample::select(vec![0, 1, 59, 60, 115, 116, 119, 120, 179, 180, 599, 600]);
    let time = (secs, prop::sample::select(vec![0, 1, 499, 500, 999]));
    prop_oneof![
        2 => (0..2_usize).prop_map(|app| Step::Start { app }),
        2 => (0..2_usize, login.clone()).prop_map(|(app, login)| Step::Join { app, login }),
        6 => (login.clone(), person).prop_map(|(login, person)| Step::Scan { login, person }),
        2 => Just(Step::FollowUp),
        5 => (login.clone(), phone.clone()).prop_map(|(login, phone)| Step::SendCode { login, phone }),
        8 => (login.clone(), phone, prop::bool::weighted(0.8))
            .prop_map(|(login, phone, right)| Step::Bind { login, phone, right }),
        6 => (login.clone(), prop::bool::weighted(0.2))
            .prop_map(|(login, foreign_token)| Step::Poll { login, foreign_token }),
        1 => login.clone().prop_map(|login| Step::Cancel { login }),
        1 => login.clone().prop_map(|login| Step::LogOut { login }),
        1 => login.prop_map(|login| Step::LogOutEverywhere { login }),
        3 => time.prop_map(|(secs, millis)| Step::Pass {
            time: Duration::from_secs(secs) + Duration::from_millis(millis)
        }),
        1 => Just(Step::EmptyBoard),
        1 => Just(Step::Restart),
        1 => Just(Step::Sweep),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_order_of_events_breaks_the_flows(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut play = Play::begin();
            play.step(Step::Start { app: 0 }).await?;
            for step in steps {
                play.step(step).await?;
            }
            play.end().await
        })?;
    }
}
