//! Why an attempt at a rule did not come to its end, and whether another attempt may help.

use diesel::result::{DatabaseErrorKind, Error};
use saoma_domain::{ports::StoreError, rules::rows::Rejected};
#[cfg(feature = "_server")]
use {
    deadpool::managed::{PoolError, TimeoutType},
    diesel::ConnectionError,
    diesel_async::pooled_connection::PoolError as DriverError,
};

/// What ended an attempt.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The database or its driver.
    Database(Error),
    /// The database did not come to the end of the attempt in time.
    #[cfg_attr(not(feature = "_server"), expect(dead_code, reason = "SQLite is not waited for"))]
    NoAnswer,
    /// Another transaction changed the same row first, or took the same key: the next attempt finds its row.
    Raced,
    /// No connection, or no turn to write.
    Unavailable(String),
    /// Something that no further attempt can cure.
    Final(StoreError),
}

impl Failure {
    /// Returns whether the whole rule should be tried again. `is_passing` tells of a driver's error whether it was
    /// a lock, a deadlock, a serialization failure or a lost connection.
    pub(crate) fn is_passing(&self, is_passing: fn(&Error) -> bool) -> bool {
        match self {
            Self::Database(error) => is_passing(error),
            Self::Raced => true,
            Self::NoAnswer | Self::Unavailable(_) | Self::Final(_) => false,
        }
    }

    /// Returns whether the connection of the attempt is of no use any more; `is_lost` tells that of a driver's
    /// error.
    #[cfg(feature = "_server")]
    pub(crate) fn has_lost_connection(&self, is_lost: fn(&Error) -> bool) -> bool {
        match self {
            Self::Database(error) => is_lost(error),
            Self::NoAnswer => true,
            Self::Raced | Self::Unavailable(_) | Self::Final(_) => false,
        }
    }

    /// Returns what a rule is told of it.
    pub(crate) fn rejected(&self) -> Rejected {
        match self {
            Self::Raced => Rejected::Raced,
            Self::Final(error) => error.clone().into(),
            Self::Database(_) | Self::NoAnswer | Self::Unavailable(_) => {
                StoreError::Unavailable(self.cause()).into()
            }
        }
    }

    /// Returns what the caller is told of the database at an address.
    pub(crate) fn at(self, address: &str) -> StoreError {
        match self {
            Self::Final(error) => error,
            Self::Database(_) | Self::NoAnswer | Self::Raced | Self::Unavailable(_) => {
                StoreError::Unavailable(format!("database {address}: {}", self.cause()))
            }
        }
    }

    /// Returns the cause alone.
    pub(crate) fn cause(&self) -> String {
        match self {
            Self::Database(error) => error.to_string(),
            Self::NoAnswer => "no answer in time".to_owned(),
            Self::Raced => "other transactions changed the same row at every attempt".to_owned(),
            Self::Unavailable(cause) => cause.clone(),
            Self::Final(error) => error.to_string(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        // A key that another transaction took between the look and the insert is a lost race and never an error.
        // The message of some drivers shows the value, which may be a phone number.
        if matches!(error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) {
            return Self::Raced;
        }
        Self::Database(error)
    }
}

#[cfg(feature = "_server")]
impl From<PoolError<DriverError>> for Failure {
    /// There is no connection; the cause is told without what the pool and the driver were doing.
    fn from(error: PoolError<DriverError>) -> Self {
        Self::Unavailable(match error {
            PoolError::Timeout(TimeoutType::Wait) => "all connections are busy".to_owned(),
            PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => {
                "a connection could not be opened in time".to_owned()
            }
            PoolError::Backend(DriverError::ConnectionError(
                ConnectionError::BadConnection(cause) | ConnectionError::InvalidConnectionUrl(cause),
            )) => cause,
            PoolError::Backend(
                DriverError::ConnectionError(ConnectionError::CouldntSetupConfiguration(error))
                | DriverError::QueryError(error),
            ) => error.to_string(),
            PoolError::Backend(DriverError::ConnectionError(error)) => error.to_string(),
            PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
                error.to_string()
            }
        })
    }
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        match rejected {
            Rejected::Raced => Self::Raced,
            Rejected::Store(error) => Self::Final(error),
        }
    }
}
