//! Columns of merges. Lists are texts, separated by blanks.

use diesel::prelude::{Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{AccountId, IdentityId},
    ports::MergeId,
    rules::rows::{MergeRow, RowResult},
    time::Timestamp,
};

use super::corrupt::corrupt;
use crate::schema::merges;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = merges, treat_none_as_default_value = false)]
pub(crate) struct MergeColumns {
    id: String,
    into_id: String,
    from_id: String,
    merged_at: i64,
    identities: String,
    parts: String,
    was_disabled: bool,
    disabled_reason: Option<String>,
    undone_at: Option<i64>,
}

impl MergeColumns {
    pub(crate) fn of(row: &MergeRow) -> Self {
        let identities: Vec<String> = row.identities.iter().map(ToString::to_string).collect();
        Self {
            id: row.id.to_string(),
            into_id: row.into.to_string(),
            from_id: row.from.to_string(),
            merged_at: row.at.as_millis(),
            identities: identities.join(" "),
            parts: row.parts.join(" "),
            was_disabled: row.was_disabled,
            disabled_reason: row.disabled_reason.clone(),
            undone_at: row.undone_at.map(Timestamp::as_millis),
        }
    }

    pub(crate) fn into_row(self) -> RowResult<MergeRow> {
        let wrong = |column| corrupt("merges", column, &self.id);
        let identities = self.identities.split_whitespace();
        let identities = identities.map(|id| IdentityId::parse(id).ok_or_else(|| wrong("identities")));
        Ok(MergeRow {
            id: MergeId::parse(&self.id).ok_or_else(|| wrong("id"))?,
            into: AccountId::parse(&self.into_id).ok_or_else(|| wrong("into_id"))?,
            from: AccountId::parse(&self.from_id).ok_or_else(|| wrong("from_id"))?,
            at: Timestamp::from_millis(self.merged_at),
            identities: identities.collect::<RowResult<_>>()?,
            parts: self.parts.split_whitespace().map(str::to_owned).collect(),
            was_disabled: self.was_disabled,
            disabled_reason: self.disabled_reason,
            undone_at: self.undone_at.map(Timestamp::from_millis),
        })
    }
}
