use std::time::Duration;

use proptest::prelude::*;
use saoma_domain::{
    account::{AccountId, IdentityId},
    keys::{KeyRing, ServerKey},
    login::{ConfirmNumber, ExpiryReason, Login, LoginEvent, LoginId, LoginState, PhoneQuestion, PollToken},
    time::Timestamp,
};

const START: i64 = 1_763_610_000;

fn id() -> LoginId {
    let token = PollToken::parse(&"A".repeat(43)).unwrap();
    let keys = KeyRing::new(ServerKey::new([1; 32]), vec![]);
    LoginId::issue(&token, Timestamp::from_secs(START + 120), &keys)
}

fn account(n: u8) -> AccountId {
    AccountId::parse(&format!("00000000-0000-7000-8000-0000000000{n:02x}")).unwrap()
}

fn identity(n: u8) -> IdentityId {
    IdentityId::parse(&format!("00000000-0000-7000-8000-0000000001{n:02x}")).unwrap()
}

fn event() -> impl Strategy<Value = LoginEvent> {
    let window = (1_u64..900).prop_map(Duration::from_secs);
    prop_oneof![
        (0_u8..4, proptest::option::of(0_u8..4), window.clone()).prop_map(|(who, known, window)| {
            LoginEvent::Scanned { identity: identity(who), account: known.map(account), window }
        }),
        window.clone().prop_map(|window| LoginEvent::NumberAsked { window }),
        (0_u8..4, window.clone())
            .prop_map(|(who, window)| LoginEvent::Bound { account: account(who), window }),
        (0_u8..4, any::<bool>(), window.clone()).prop_map(|(who, by_number, window)| {
            let number = ConfirmNumber::parse("47").unwrap();
            let asked = PhoneQuestion::Number { number, wrong: 0 };
            let question = if by_number { asked } else { PhoneQuestion::YesOrNo };
            LoginEvent::Asked { identity: identity(who), question, window }
        }),
        (proptest::option::of(0_u8..4), window)
            .prop_map(|(known, window)| LoginEvent::Confirmed { account: known.map(account), window }),
        Just(LoginEvent::NumberDemanded { number: ConfirmNumber::parse("47").unwrap() }),
        Just(LoginEvent::WrongNumber),
        Just(LoginEvent::Disowned),
        Just(LoginEvent::Cancelled),
        Just(LoginEvent::Denied),
    ]
}

fn deadline(login: &Login) -> Option<Timestamp> {
    match login.state {
        LoginState::Loop { deadline }
        | LoginState::Scanned { deadline, .. }
        | LoginState::Unregistered { deadline, .. } => Some(deadline),
        LoginState::Registered { .. } | LoginState::Expired { .. } => None,
    }
}

proptest! {
    #[test]
    fn no_sequence_of_events_breaks_a_login(steps in prop::collection::vec((event(), 0_i64..200), 0..12)) {
        let mut login = Login::new(id());
        let mut now = Timestamp::from_secs(START);
        let mut accounts = Vec::new();
        for (event, pause) in steps {
            now = now.plus(Duration::from_secs(pause.unsigned_abs()));
            let before = login.clone();
            let over = deadline(&before).is_some_and(|deadline| deadline <= now);
            login = match login.apply(event.clone(), now) {
                Ok(moved) => {
                    prop_assert!(!over, "nothing moves after the deadline");
                    let is_disowned = event == LoginEvent::Disowned;
                    prop_assert!(!before.state.is_final() || is_disowned, "a final state stays");
                    let was_asked = matches!(before.state, LoginState::Scanned { .. });
                    let says_yes = matches!(event, LoginEvent::Confirmed { .. });
                    let is_let_in = matches!(
                        moved.state,
                        LoginState::Registered { .. } | LoginState::Unregistered { .. }
                    );
                    prop_assert!(!was_asked || !is_let_in || says_yes, "an asked phone lets in by a yes alone");
                    prop_assert_eq!(moved.version, before.version + 1);
                    moved
                }
                Err(refusal) => {
                    prop_assert_eq!(&refusal.login, &before.clone().at(now), "a refusal changes nothing");
                    refusal.login
                }
            };
            prop_assert_eq!(login.id, before.id);
            if let LoginState::Registered { account, .. } = login.state {
                accounts.push(account);
            }
        }
        accounts.dedup();
        prop_assert!(accounts.len() <= 1, "a login leads to one account");
        let later = login.at(now.plus(Duration::from_secs(10_000)));
        prop_assert!(later.state.is_final(), "every login ends");
        prop_assert_eq!(later.clone().at(now), later, "time does not bring a login back");
    }

    #[test]
    fn time_alone_only_ever_lets_a_login_expire(pause in 0_u64..1000) {
        let now = Timestamp::from_secs(START).plus(Duration::from_secs(pause));
        let login = Login::new(id()).at(now);
        if pause < 120 {
            prop_assert_eq!(login, Login::new(id()));
        } else {
            prop_assert_eq!(login.version, 2);
            let since = Timestamp::from_secs(START + 120);
            prop_assert_eq!(login.state, LoginState::Expired { reason: ExpiryReason::Timeout, since });
        }
    }
}

#[test]
fn a_refusal_names_state_and_event() {
    let cancelled = Login::new(id()).apply(LoginEvent::Cancelled, Timestamp::from_secs(START)).unwrap();
    let refusal = cancelled.apply(LoginEvent::Denied, Timestamp::from_secs(START)).unwrap_err();
    assert_eq!(refusal.to_string(), "a login in state expired cannot be denied");
}
