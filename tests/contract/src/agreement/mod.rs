//! Whatever happens in whatever order, two ledgers answer alike and hold the same afterwards.
//!
//! The cases of [`crate::ledger`] and [`crate::claims`] say what a ledger has to do; this finds where two of
//! them differ in what nobody thought of. Ids, times and all that is random come from the caller, so answers
//! have to be equal, and only the following is compared with less rigour, since the ports promise no more:
//!
//! * Rows that no port puts in order (the hashes of tokens, the logins of [`Logins::find_many`]), and entries of
//!   one kind that an account's trail got at one moment, are compared as sets.
//! * Of errors only the kind is compared, not the text.
//! * What [`Pruning::prune`] leaves for the next call is anybody's choice, so it is called until nothing is left.
//! * A claim may be kept for an hour longer than asked for, so nothing is pruned within that hour.

mod accounts;
mod logins;
mod one_time_codes;
mod play;
mod reading;
mod sessions;
mod step;

use proptest::{
    collection::vec,
    test_runner::{Config, TestRunner},
};
use saoma_domain::ports::{Accounts, AuditTrail, Logins, OneTimeCodes, Pruning, Sessions};

use play::Play;

/// Everything that is kept in SQL.
pub trait Ledger: Logins + Accounts + Sessions + OneTimeCodes + AuditTrail + Pruning {}

impl<L: Logins + Accounts + Sessions + OneTimeCodes + AuditTrail + Pruning> Ledger for L {}

/// How many steps a sequence has at the most.
const STEPS: usize = 60;

/// Does random sequences of calls, `cases` of them, to two ledgers that `fresh` makes for each.
///
/// The environment variable `PROPTEST_CASES` goes before `cases`.
///
/// # Panics
/// Panics where they differ, with the shortest such sequence that was found; what the first ledger said is `left`,
/// what the second one said is `right`.
pub fn ledgers_agree<L: Ledger + 'static, M: Ledger + 'static>(cases: u32, fresh: impl AsyncFn() -> (L, M)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime can be built");
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    let outcome = TestRunner::new(config).run(&vec(step::any(), 1..STEPS), |steps| {
        runtime.block_on(async {
            let (one, other) = fresh().await;
            let mut play = Play::begin([Box::new(one), Box::new(other)]);
            for step in steps {
                play.step(step).await?;
            }
            play.compare_everything().await
        })
    });
    if let Err(difference) = outcome {
        panic!("{difference}");
    }
}
