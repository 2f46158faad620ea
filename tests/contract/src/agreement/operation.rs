//! Any row operation.

use proptest::prelude::*;
use saoma_domain::rules::rows::{RowResult, Rows};

use super::{
    accounts::AccountOperation, answer::Answer, identities::IdentityOperation, logins::LoginOperation,
    one_time_codes::OneTimeCodeOperation, sessions::SessionOperation, trail::TrailOperation,
};

/// A row operation with its arguments, by the table that it concerns.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    Login(LoginOperation),
    Account(AccountOperation),
    Identity(IdentityOperation),
    Session(SessionOperation),
    OneTimeCode(OneTimeCodeOperation),
    Trail(TrailOperation),
}

impl Operation {
    pub(super) async fn apply(&self, rows: &mut impl Rows) -> RowResult<Answer> {
        match self {
            Self::Login(operation) => operation.apply(rows).await,
            Self::Account(operation) => operation.apply(rows).await,
            Self::Identity(operation) => operation.apply(rows).await,
            Self::Session(operation) => operation.apply(rows).await,
            Self::OneTimeCode(operation) => operation.apply(rows).await,
            Self::Trail(operation) => operation.apply(rows).await,
        }
    }
}

pub(super) fn any() -> impl Strategy<Value = Operation> {
    prop_oneof![
        4 => LoginOperation::any().prop_map(Operation::Login),
        2 => AccountOperation::any().prop_map(Operation::Account),
        6 => IdentityOperation::any().prop_map(Operation::Identity),
        5 => SessionOperation::any().prop_map(Operation::Session),
        1 => OneTimeCodeOperation::any().prop_map(Operation::OneTimeCode),
        2 => TrailOperation::any().prop_map(Operation::Trail),
    ]
}

/// Lists operations that read all there can be, in all ways.
pub(super) fn all_reads() -> Vec<Operation> {
    let mut reads = Vec::new();
    reads.extend(LoginOperation::reads().into_iter().map(Operation::Login));
    reads.extend(AccountOperation::reads().into_iter().map(Operation::Account));
    reads.extend(IdentityOperation::reads().into_iter().map(Operation::Identity));
    reads.extend(SessionOperation::reads().into_iter().map(Operation::Session));
    reads.extend(OneTimeCodeOperation::reads().into_iter().map(Operation::OneTimeCode));
    reads.extend(TrailOperation::reads().into_iter().map(Operation::Trail));
    reads
}
