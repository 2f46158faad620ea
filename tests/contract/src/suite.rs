//! How a list of cases becomes tests.

use std::{fmt::Debug, pin::Pin, sync::Arc, time::Duration};

use saoma_domain::ports::StoreError;
use tokio::{sync::Barrier, time::sleep};

/// Makes the macro `$suite` and the module `cases` out of one list of cases.
///
/// The cases are visible in this crate only, so that the compiler names the one that is missing in the list.
macro_rules! suite {
    ($d:tt $(#[$doc:meta])* $suite:ident: $module:ident on $stage:ident { $($group:ident: $($case:ident),+;)+ }) => {
        #[doc(hidden)]
        pub mod cases {
            $($(pub async fn $case(stage: super::$stage) {
                super::$group::$case(stage).await;
            })+)+
        }

        /// Returns the suite's cases by their names, for a harness that learns only at run time whether there is
        /// something to run them on.
        #[must_use]
        pub fn all() -> Vec<(&'static str, $crate::Case<$stage>)> {
            vec![$($((stringify!($case), |stage| Box::pin(cases::$case(stage)))),+),+]
        }

        $(#[$doc])*
        #[macro_export]
        macro_rules! $suite {
            ($d make:expr) => {
                mod $module {
                    #[expect(clippy::allow_attributes, reason = "whether there is something to import is the caller's affair")]
                    #[allow(unused_imports, reason = "the function may be given by its path")]
                    use super::*;

                    $($(#[test]
                    fn $case() {
                        $crate::run(async {
                            let (adapter, _guard) = ($d make)().await;
                            $crate::$module::cases::$case($crate::$module::$stage::new(adapter)).await;
                        });
                    })+)+
                }
            };
        }
    };
}

/// A case, to be run on a stage.
pub type Case<S> = fn(S) -> Pin<Box<dyn Future<Output = ()>>>;

/// Runs a case on a runtime of its own with four threads, so that races are real.
pub fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime can be built")
        .block_on(case);
}

/// Starts all of the futures at the same moment, each as a task, and returns what they led to, in order.
pub async fn all_at_once<F>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let futures: Vec<F> = futures.into_iter().collect();
    let start = Arc::new(Barrier::new(futures.len()));
    let tasks: Vec<_> = futures
        .into_iter()
        .map(|future| {
            let start = Arc::clone(&start);
            tokio::spawn(async move {
                start.wait().await;
                future.await
            })
        })
        .collect();
    let mut outputs = Vec::with_capacity(tasks.len());
    for task in tasks {
        outputs.push(task.await.expect("no task panics"));
    }
    outputs
}

/// How often a busy store is asked again.
const ASKED_AGAIN: u32 = 200;

/// Asks a store as its callers do: again, while it says that it cannot answer now. On a machine that is busy with many tests,
/// transactions that wait for one row wait for longer than the store allows them.
///
/// # Panics
/// If the store does not answer in the end.
pub async fn patiently<T: Debug, F>(ask: impl Fn() -> F) -> T
where
    F: Future<Output = Result<T, StoreError>>,
{
    for _ in 0..ASKED_AGAIN {
        match ask().await {
            Err(StoreError::Unavailable(_)) => sleep(Duration::from_millis(20)).await,
            answer => return answer.expect("the store works"),
        }
    }
    ask().await.expect("the store works")
}
