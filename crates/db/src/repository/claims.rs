//! The port for what may be used once.

use async_trait::async_trait;
use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl};
use diesel_async::RunQueryDsl;
use saoma_domain::{
    ports::{Claim, ClaimHash, Claims, StoreError},
    time::Timestamp,
};

use super::{Connection, Repository};
use crate::{failure::Failure, schema::claims};

/// Something that somebody wants to have.
struct Wanted {
    what: ClaimHash,
    by: ClaimHash,
    until: Timestamp,
}

#[async_trait]
impl Claims for Repository {
    async fn claim(&self, what: ClaimHash, by: ClaimHash, until: Timestamp) -> Result<Claim, StoreError> {
        let wanted = Wanted { what, by, until };
        self.transaction(wanted, |connection, wanted| Box::pin(claim(connection, wanted))).await
    }
}

/// Claims what nobody has; another one's row in its place is a lost race.
///
/// Who is told an error may have been the first all the same, and is then told that it claims again: so nobody
/// is ever the first twice.
async fn claim(connection: &mut Connection, wanted: &Wanted) -> Result<Claim, Failure> {
    let (what, by) = (wanted.what.as_bytes().as_slice(), wanted.by.as_bytes().as_slice());
    let until = wanted.until.as_millis();
    let query = claims::table.find(what).select((claims::claimant, claims::prune_at));
    let row: Option<(Vec<u8>, i64)> = query.first(connection).await.optional()?;
    match row {
        None => {
            let row = (claims::what.eq(what), claims::claimant.eq(by), claims::prune_at.eq(until));
            diesel::insert_into(claims::table).values(row).execute(connection).await?;
            Ok(Claim::First)
        }
        Some((claimant, prune_at)) if claimant == by => {
            if prune_at < until {
                let row = claims::table.find(what);
                diesel::update(row).set(claims::prune_at.eq(until)).execute(connection).await?;
            }
            Ok(Claim::Again)
        }
        Some(_) => Ok(Claim::ByAnother),
    }
}
