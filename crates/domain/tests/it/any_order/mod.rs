//! In any order of events the services do what a small model says, and the invariants hold. The model shares no code
//! with the services and rules: it is their independent oracle.

#![expect(
    clippy::indexing_slicing,
    reason = "an index out of range is a mistake of the test, which then fails"
)]

mod cast;
mod check;
mod model;
mod phrase;
mod play;
mod step;
mod story;

use proptest::prelude::*;
use saoma_domain::services::{ConfirmBy, OnUnsubscribe, PhoneRule, Registration};

use cast::WayIn;
use model::House;
use play::Play;
use step::Step;
use story::story;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_order_of_events_breaks_the_services(house in house(), steps in story()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut play = Play::begin(house);
            play.step(Step::Start { way_in: WayIn::Main, link_to: None }).await?;
            for step in steps {
                play.step(step).await?;
            }
            play.end().await
        })?;
    }
}

/// Returns what the site wants, most of the time what it is by itself.
fn house() -> impl Strategy<Value = House> {
    let on_unsubscribe =
        any::<bool>().prop_map(|ends| if ends { OnUnsubscribe::EndSessions } else { OnUnsubscribe::Keep });
    let phone = prop_oneof![
        2 => Just(PhoneRule::Required),
        1 => Just(PhoneRule::Optional),
        1 => Just(PhoneRule::Off),
    ];
    let registration = prop_oneof![4 => Just(Registration::Open), 1 => Just(Registration::Closed)];
    let confirm = prop_oneof![
        2 => Just(None),
        1 => Just(Some(ConfirmBy::Click)),
        1 => Just(Some(ConfirmBy::Number)),
    ];
    (on_unsubscribe, phone, registration, confirm).prop_map(
        |(on_unsubscribe, phone, registration, confirm)| House {
            on_unsubscribe,
            phone,
            registration,
            confirm,
        },
    )
}
