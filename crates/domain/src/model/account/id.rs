//! Ids of accounts, identities and sessions: version-7 UUIDs from an injected clock and randomness.

use uuid::{Builder, Uuid};

use crate::{
    system::{Random, random_bytes},
    time::Timestamp,
};

pub(crate) fn uuid_v7(now: Timestamp, random: &dyn Random) -> Uuid {
    let millis = u64::try_from(now.as_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &random_bytes(random)).into_uuid()
}

/// Declares a newtype around a UUID.
macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// Makes a new id from the time and random bytes.
            pub fn generate(now: $crate::time::Timestamp, random: &dyn $crate::system::Random) -> Self {
                Self($crate::account::uuid_v7(now, random))
            }

            /// Reads an id in its hyphenated form; `None` when it is malformed.
            pub fn parse(text: &str) -> Option<Self> {
                uuid::Uuid::try_parse(text).ok().map(Self)
            }

            /// Returns the 16 bytes of the id.
            pub const fn to_bytes(self) -> [u8; 16] {
                self.0.into_bytes()
            }

            /// Wraps the 16 bytes that a store has kept.
            pub const fn from_store(bytes: [u8; 16]) -> Self {
                Self(uuid::Uuid::from_bytes(bytes))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

pub(crate) use uuid_id;

uuid_id! {
    /// The id of an account.
    AccountId
}

uuid_id! {
    /// The id of an identity.
    IdentityId
}
