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
use saoma_domain::services::OnUnsubscribe;

use cast::WayIn;
use play::Play;
use step::Step;
use story::story;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_order_of_events_breaks_the_services(ends_sessions in any::<bool>(), steps in story()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let rule = if ends_sessions { OnUnsubscribe::EndSessions } else { OnUnsubscribe::Keep };
        runtime.block_on(async {
            let mut play = Play::begin(rule);
            play.step(Step::Start { way_in: WayIn::Main, link_to: None }).await?;
            for step in steps {
                play.step(step).await?;
            }
            play.end().await
        })?;
    }
}
