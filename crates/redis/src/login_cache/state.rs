//! How the outcome of a login is stored: a record, sealed for this login alone.

use saoma_domain::{
    account::{AccountId, IdentityId},
    keys::Purpose,
    login::{ConfirmNumber, ExpiryReason, Login, LoginId, LoginState, PhoneQuestion},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{record, sealing::Sealer};

/// A state as it lies in Redis. Times are milliseconds since the Unix epoch.
#[derive(Serialize, Deserialize)]
enum StateRecord<'a> {
    Loop { deadline: i64 },
    Unregistered { identity: [u8; 16], deadline: i64 },
    Registered { account: [u8; 16], since: i64, collect_by: i64 },
    Expired { reason: &'a str, since: i64 },
    // At the end, so that nodes of earlier versions go on to read the others.
    Scanned { identity: [u8; 16], number: Option<(u8, u8)>, deadline: i64 },
    NumberAsked { deadline: i64 },
}

/// Writes and seals the version and the state of a login.
pub(super) fn write(sealer: &Sealer, login: &Login) -> Vec<u8> {
    let state = match &login.state {
        LoginState::Loop { deadline } => StateRecord::Loop { deadline: deadline.as_millis() },
        LoginState::Scanned { identity, question, deadline } => StateRecord::Scanned {
            identity: identity.to_bytes(),
            number: match question {
                PhoneQuestion::YesOrNo => None,
                PhoneQuestion::Number { number, wrong } => Some((number.get(), *wrong)),
            },
            deadline: deadline.as_millis(),
        },
        LoginState::Unregistered { identity: None, deadline } => {
            StateRecord::NumberAsked { deadline: deadline.as_millis() }
        }
        LoginState::Unregistered { identity: Some(identity), deadline } => {
            StateRecord::Unregistered { identity: identity.to_bytes(), deadline: deadline.as_millis() }
        }
        LoginState::Registered { account, since, collect_by } => StateRecord::Registered {
            account: account.to_bytes(),
            since: since.as_millis(),
            collect_by: collect_by.as_millis(),
        },
        LoginState::Expired { reason, since } => {
            StateRecord::Expired { reason: reason.as_str(), since: since.as_millis() }
        }
    };
    sealer.seal(Purpose::CachedLogin, login.id.as_bytes(), &record::write(&(login.version, state)))
}

/// Opens an outcome; `None` when it was not sealed for this login with a key of the ring, or is of another format.
pub(super) fn read(sealer: &Sealer, id: LoginId, sealed: &[u8]) -> Option<Login> {
    let plain = sealer.open(Purpose::CachedLogin, id.as_bytes(), sealed)?;
    let (version, state) = record::read::<(u32, StateRecord<'_>)>(&plain)?;
    let state = match state {
        StateRecord::Loop { deadline } => LoginState::Loop { deadline: Timestamp::from_millis(deadline) },
        StateRecord::Scanned { identity, number, deadline } => LoginState::Scanned {
            identity: IdentityId::from_store(identity),
            question: match number {
                None => PhoneQuestion::YesOrNo,
                Some((number, wrong)) => {
                    PhoneQuestion::Number { number: ConfirmNumber::parse(&number.to_string())?, wrong }
                }
            },
            deadline: Timestamp::from_millis(deadline),
        },
        StateRecord::Unregistered { identity, deadline } => LoginState::Unregistered {
            identity: Some(IdentityId::from_store(identity)),
            deadline: Timestamp::from_millis(deadline),
        },
        StateRecord::NumberAsked { deadline } => {
            LoginState::Unregistered { identity: None, deadline: Timestamp::from_millis(deadline) }
        }
        StateRecord::Registered { account, since, collect_by } => LoginState::Registered {
            account: AccountId::from_store(account),
            since: Timestamp::from_millis(since),
            collect_by: Timestamp::from_millis(collect_by),
        },
        StateRecord::Expired { reason, since } => {
            LoginState::Expired { reason: ExpiryReason::parse(reason)?, since: Timestamp::from_millis(since) }
        }
    };
    Some(Login { id, version, state })
}

#[cfg(test)]
pub(super) mod tests {
    use saoma_contract::values::{at, login, new_account_id, new_identity_id};

    use super::*;
    use crate::sealing::tests::sealer;

    /// Returns one state of each kind, the longest as well.
    pub(in super::super) fn states() -> [LoginState; 8] {
        let (identity, account, end) =
            (new_identity_id(at(0)), new_account_id(at(0)), Timestamp::from_millis(i64::MIN));
        let number = ConfirmNumber::parse("47").unwrap();
        let number = PhoneQuestion::Number { number, wrong: 2 };
        [
            LoginState::Loop { deadline: at(1) },
            LoginState::Scanned { identity, question: PhoneQuestion::YesOrNo, deadline: at(1) },
            LoginState::Scanned { identity, question: number, deadline: end },
            LoginState::Unregistered { identity: Some(identity), deadline: at(1) },
            LoginState::Unregistered { identity: None, deadline: at(1) },
            LoginState::Registered { account, since: at(1), collect_by: at(2) },
            LoginState::Registered { account, since: end, collect_by: end },
            LoginState::Expired { reason: ExpiryReason::Denied, since: Timestamp::from_millis(-1) },
        ]
    }

    #[test]
    fn an_outcome_is_read_as_it_was_written_and_only_for_its_login() {
        let sealer = sealer();
        for state in states() {
            let outcome = Login { id: login(1), version: 7, state };
            let sealed = write(&sealer, &outcome);
            assert_eq!(read(&sealer, login(1), &sealed), Some(outcome));
            assert_eq!(read(&sealer, login(2), &sealed), None, "moved to another login");
            assert_eq!(read(&sealer, login(1), &sealed[1..]), None);
        }
    }
}
