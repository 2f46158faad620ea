//! Operations on redeemed one-time codes.

use proptest::prelude::*;
use saoma_domain::{
    ports::CodeHash,
    rules::rows::{OneTimeCodeRow, OneTimeCodeRows, PrunableTable, PruningRows, RowResult},
    time::Timestamp,
};

use super::{
    answer::Answer,
    pool::{FEW, code, moment},
};

#[derive(Clone, Debug)]
pub(super) enum OneTimeCodeOperation {
    Read(CodeHash),
    Insert(OneTimeCodeRow),
    Keep(CodeHash, Timestamp),
    Prune(Timestamp),
}

impl OneTimeCodeOperation {
    pub(super) async fn apply(&self, rows: &mut (impl OneTimeCodeRows + PruningRows)) -> RowResult<Answer> {
        Ok(match self {
            Self::Read(code) => Answer::OneTimeCode(rows.one_time_code(*code).await?),
            Self::Insert(row) => rows.insert_one_time_code(row).await?.into(),
            Self::Keep(code, prune_at) => rows.keep_one_time_code(*code, *prune_at).await?.into(),
            Self::Prune(until) => {
                Answer::Removed(rows.remove_prunable(PrunableTable::OneTimeCodes, *until, 1000).await?)
            }
        })
    }

    pub(super) fn any() -> impl Strategy<Value = Self> {
        let row = (FEW, FEW, moment()).prop_map(|(redeemed, by, prune_at)| OneTimeCodeRow {
            code: code(redeemed),
            redeemed_by: code(by),
            prune_at,
        });
        prop_oneof![
            2 => row.prop_map(Self::Insert),
            1 => (FEW, moment()).prop_map(|(number, prune_at)| Self::Keep(code(number), prune_at)),
            1 => moment().prop_map(Self::Prune),
        ]
    }

    pub(super) fn reads() -> Vec<Self> {
        FEW.map(|number| Self::Read(code(number))).collect()
    }
}
