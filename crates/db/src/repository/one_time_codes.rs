//! The port for what may be used once.

use std::time::Duration;

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    ports::{CodeHash, OneTimeCodes, Redemption, StoreError},
    time::Timestamp,
};

use super::{Connection, Repository};
use crate::{failure::Failure, schema::one_time_codes};

/// Something that somebody wants to have.
struct Wanted {
    what: CodeHash,
    by: CodeHash,
    until: Timestamp,
}

/// How much longer than asked for a claim is kept, so that whoever claims again within that time has nothing to
/// write.
const KEPT_LONGER: Duration = Duration::from_secs(60 * 60);

#[async_trait]
impl OneTimeCodes for Repository {
    async fn redeem(&self, what: CodeHash, by: CodeHash, until: Timestamp) -> Result<Redemption, StoreError> {
        // Looked at first, since only the first one has something to write.
        let row = self.query(what, |connection, what| Box::pin(find(connection, *what))).await?;
        let wanted = Wanted { what, by, until };
        match row.and_then(|row| wanted.settled(&row)) {
            Some(claim) => Ok(claim),
            None => self.transaction(wanted, |connection, wanted| Box::pin(redeem(connection, wanted))).await,
        }
    }
}

/// Who has something, and when that is forgotten.
type Row = (Vec<u8>, i64);

impl Wanted {
    /// Returns what a row says of the claim, unless it has to be kept longer.
    fn settled(&self, (claimant, prune_at): &Row) -> Option<Redemption> {
        if claimant != self.by.as_bytes() {
            return Some(Redemption::ByAnother);
        }
        (*prune_at >= self.until.as_millis()).then_some(Redemption::Again)
    }
}

async fn find(connection: &mut Connection, what: CodeHash) -> Result<Option<Row>, Failure> {
    let query = one_time_codes::table
        .find(what.as_bytes().as_slice())
        .select((one_time_codes::claimant, one_time_codes::prune_at));
    Ok(query.first(connection).await.optional()?)
}

/// OneTimeCodes what nobody has; another one's row in its place is a lost race.
///
/// Who is told an error may have been the first all the same, and is then told that it claims again: so nobody
/// is ever the first twice.
async fn redeem(connection: &mut Connection, wanted: &Wanted) -> Result<Redemption, Failure> {
    let (what, by) = (wanted.what.as_bytes().as_slice(), wanted.by.as_bytes().as_slice());
    let until = wanted.until.plus(KEPT_LONGER).as_millis();
    let Some(row) = find(connection, wanted.what).await? else {
        let row = (
            one_time_codes::what.eq(what),
            one_time_codes::claimant.eq(by),
            one_time_codes::prune_at.eq(until),
        );
        diesel::insert_into(one_time_codes::table).values(row).execute(connection).await?;
        return Ok(Redemption::First);
    };
    if let Some(claim) = wanted.settled(&row) {
        return Ok(claim);
    }
    let row = one_time_codes::table.find(what);
    diesel::update(row).set(one_time_codes::prune_at.eq(until)).execute(connection).await?;
    Ok(Redemption::Again)
}
