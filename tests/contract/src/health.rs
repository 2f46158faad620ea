//! The suite of what can be asked whether it works.

use std::sync::Arc;

use saoma_domain::ports::Health;

suite! { $
    /// Runs the cases of `Health` on an adapter that works.
    ///
    /// Takes an asynchronous function without arguments that returns an adapter and a guard.
    health_suite: health on HealthStage {
        answers:
            an_adapter_that_works_says_so,
            what_has_a_clock_of_its_own_says_what_time_it_is,
            many_may_ask_at_once;
    }
}

/// One adapter.
#[derive(Clone)]
pub struct HealthStage(Arc<dyn Health>);

impl HealthStage {
    /// Puts an adapter up for one case.
    pub fn new<H: Health + 'static>(adapter: H) -> Self {
        Self(Arc::new(adapter))
    }
}

mod answers {
    use super::HealthStage;
    use crate::all_at_once;

    pub(crate) async fn an_adapter_that_works_says_so(stage: HealthStage) {
        for _ in 0..3 {
            assert_eq!(stage.0.ping().await, Ok(()));
            assert_eq!(stage.0.turn().await, Ok(()));
        }
    }

    pub(crate) async fn what_has_a_clock_of_its_own_says_what_time_it_is(stage: HealthStage) {
        let Some(facts) = stage.0.facts().await.expect("it works") else { return };
        assert!(facts.version.contains(|c: char| c.is_ascii_digit()), "{facts:?}");
        let Some(theirs) = facts.now else { return };
        let ours = std::time::SystemTime::UNIX_EPOCH.elapsed().expect("it is after 1970").as_secs();
        // The servers of the tests run on this machine.
        assert!(theirs.as_secs().abs_diff(i64::try_from(ours).expect("it fits")) < 60, "{facts:?} {ours}");
    }

    pub(crate) async fn many_may_ask_at_once(stage: HealthStage) {
        let pings = (0..32).map(|_| {
            let stage = stage.clone();
            async move { stage.0.ping().await }
        });
        assert_eq!(all_at_once(pings).await, vec![Ok(()); 32]);
    }
}
