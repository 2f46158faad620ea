//! Columns of keys that sign tokens.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    rules::rows::{RowResult, SigningKeyRow},
    signing::SigningAlgorithm,
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::signing_keys;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys)]
pub(crate) struct SigningKeyColumns {
    algorithm: String,
    generation: i32,
    sealed: Vec<u8>,
    signs_from: i64,
    signs_until: i64,
    published_until: i64,
}

impl SigningKeyColumns {
    pub(crate) fn of(row: &SigningKeyRow) -> Self {
        Self {
            algorithm: row.algorithm.name().to_owned(),
            generation: generation(row.generation),
            sealed: row.sealed.clone(),
            signs_from: row.signs_from.as_millis(),
            signs_until: row.signs_until.as_millis(),
            published_until: row.published_until.as_millis(),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<SigningKeyRow> {
        let wrong =
            |column| corrupt("signing_keys", column, &format!("{}:{}", self.algorithm, self.generation));
        Ok(SigningKeyRow {
            algorithm: SigningAlgorithm::parse(&self.algorithm).ok_or_else(|| wrong("algorithm"))?,
            generation: u32::try_from(self.generation).map_err(|_| wrong("generation"))?,
            signs_from: Timestamp::from_millis(self.signs_from),
            signs_until: Timestamp::from_millis(self.signs_until),
            published_until: Timestamp::from_millis(self.published_until),
            sealed: self.sealed,
        })
    }
}

/// Returns a number as it is stored; none is ever so large.
pub(crate) fn generation(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
