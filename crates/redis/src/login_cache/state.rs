//! How the state of a login is stored: a letter for its kind and what is known in it, separated by spaces.

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{ExpiryReason, LoginState},
    time::Timestamp,
};

/// Writes a state, without spaces at its ends and without a line break.
pub(super) fn write(state: &LoginState) -> String {
    match state {
        LoginState::Loop { deadline } => format!("l {}", deadline.as_millis()),
        LoginState::Unregistered { identity, deadline } => format!("u {identity} {}", deadline.as_millis()),
        LoginState::Registered { account, since, collect_by } => {
            format!("r {account} {} {}", since.as_millis(), collect_by.as_millis())
        }
        LoginState::Expired { reason, since } => format!("e {} {}", reason.as_str(), since.as_millis()),
    }
}

/// Reads a state; `None` when it is not one of this format.
pub(super) fn read(text: &str) -> Option<LoginState> {
    let words: Vec<&str> = text.split(' ').collect();
    Some(match *words.as_slice() {
        ["l", deadline] => LoginState::Loop { deadline: moment(deadline)? },
        ["u", identity, deadline] => {
            LoginState::Unregistered { identity: IdentityId::parse(identity)?, deadline: moment(deadline)? }
        }
        ["r", account, since, collect_by] => LoginState::Registered {
            account: AccountId::parse(account)?,
            since: moment(since)?,
            collect_by: moment(collect_by)?,
        },
        ["e", reason, since] => {
            LoginState::Expired { reason: ExpiryReason::parse(reason)?, since: moment(since)? }
        }
        _ => return None,
    })
}

fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp::from_millis)
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{at, new_account_id, new_identity_id};

    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let (identity, account) = (new_identity_id(at(0)), new_account_id(at(0)));
        let states = [
            LoginState::Loop { deadline: at(1) },
            LoginState::Unregistered { identity, deadline: at(1) },
            LoginState::Registered { account, since: at(1), collect_by: at(2) },
            LoginState::Expired { reason: ExpiryReason::Denied, since: Timestamp::from_millis(-1) },
        ];
        for state in states {
            assert_eq!(read(&write(&state)), Some(state));
        }
    }
}
