//! Why an attempt at a unit of work did not come to its end, and whether another attempt may.

use diesel::result::{DatabaseErrorKind, Error};
use saoma_domain::ports::StoreError;

/// What ended an attempt.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The database or its driver.
    Database(Error),
    /// The database did not come to the end of the attempt in time.
    NoAnswer,
    /// Another transaction changed the same row first; read it again.
    Raced,
    /// Something that no further attempt can cure.
    Final(StoreError),
}

impl Failure {
    /// Returns whether the whole unit of work should be tried again.
    ///
    /// A unique violation means that another transaction committed the same key between our look and our
    /// insert: the next attempt finds its row, so it is an outcome and never an error. `is_passing` tells of a
    /// driver's error whether it was a lock, a deadlock, a serialization failure or a lost connection.
    pub(crate) fn is_passing(&self, is_passing: fn(&Error) -> bool) -> bool {
        match self {
            Self::Database(error) => is_unique_violation(error) || is_passing(error),
            Self::Raced => true,
            Self::NoAnswer | Self::Final(_) => false,
        }
    }

    /// Returns whether the connection of the attempt is of no use any more; `is_lost` tells that of a
    /// driver's error.
    pub(crate) fn has_lost_connection(&self, is_lost: fn(&Error) -> bool) -> bool {
        match self {
            Self::Database(error) => is_lost(error),
            Self::NoAnswer => true,
            Self::Raced | Self::Final(_) => false,
        }
    }
}

fn is_unique_violation(error: &Error) -> bool {
    matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Final(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            // The message of some drivers shows the value, which may be somebody's phone number.
            Failure::Database(error) if is_unique_violation(&error) => lost_every_race(),
            Failure::Raced => lost_every_race(),
            Failure::NoAnswer => Self::Unavailable("the database did not answer in time".to_owned()),
            Failure::Database(error) => Self::Unavailable(error.to_string()),
            Failure::Final(error) => error,
        }
    }
}

fn lost_every_race() -> StoreError {
    StoreError::Unavailable("others changed the same row at every attempt".to_owned())
}
