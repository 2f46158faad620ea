//! Logins by a phone number alone: no WeChat user stands behind them.

use saoma_domain::{
    login::{Login, LoginEvent, LoginState},
    ports::{Binding, Bound, NumberLogin, PhoneChanged, Removal, Removed, ScanTaken},
    session::AuthMethod,
};

use super::{DatabaseStage, stage::account_of};
use crate::values::{BIND_WINDOW, app, at, binding, client_info, login, new_session, phone_change_at, scan};
use saoma_domain::ports::Scan;

const WORKS: &str = "the store works";

async fn asked(stage: &DatabaseStage, number: u64) -> Login {
    let asked =
        NumberLogin { login: login(number), client_info: client_info(), at: at(1), window: BIND_WINDOW };
    stage.logins.ask_for_number(asked).await.expect(WORKS)
}

pub(crate) async fn a_login_by_a_number_alone_waits_for_it_from_its_beginning(stage: DatabaseStage) {
    let waiting = asked(&stage, 1).await;
    let state = LoginState::Unregistered { identity: None, deadline: at(1).plus(BIND_WINDOW) };
    assert_eq!(waiting.state, state);
    assert_eq!(stage.login(login(1)).await, waiting);
    assert_eq!(asked(&stage, 1).await, waiting, "a repetition");
    assert_eq!(stage.take(scan(login(1), "oAnna")).await, ScanTaken::ByAnother, "nothing of it is scanned");
    let (registered, account) = stage.bound(binding(login(1), 1)).await;
    assert_eq!(account_of(&registered), account);
    assert_eq!(stage.openids(account).await, []);
    assert!(
        matches!(stage.bind(binding(login(1), 1)).await, Bound::Registered(again) if again == registered)
    );
    let issued = stage.open(new_session(login(1), account, 1)).await;
    assert_eq!(issued.active.session.auth_methods, AuthMethod::Sms.into());

    asked(&stage, 2).await;
    assert_eq!(stage.bound(binding(login(2), 1)).await.1, account, "the number has it from then on");
    asked(&stage, 3).await;
    let ended = stage.end(login(3), LoginEvent::Cancelled, at(2)).await;
    assert!(matches!(stage.bind(binding(login(3), 1)).await, Bound::Refused(refused) if refused == ended));
}

pub(crate) async fn a_stranger_by_a_number_alone_makes_no_account_where_that_is_not_wanted(
    stage: DatabaseStage,
) {
    asked(&stage, 1).await;
    let closed = Binding { admits_number_alone: false, ..binding(login(1), 1) };
    let spare = closed.new_account;
    assert_eq!(stage.bind(closed.clone()).await, Bound::RegistrationClosed);
    assert!(!stage.has_account(spare).await);
    let without = stage.bind(Binding { phone: None, ..closed.clone() }).await;
    assert!(matches!(without, Bound::Refused(_)), "there is nothing that says who it is: {without:?}");
    let account = stage.register(login(2), "oAnna", 1).await;
    assert_eq!(stage.bound(closed).await.1, account, "a number that has an account leads there");
    assert_eq!(stage.openids(account).await.len(), 1, "and adds no way in");
    let long_unseen = Binding { seen_since: Some(at(9)), at: at(9), ..binding(login(3), 1) };
    asked(&stage, 3).await;
    assert_eq!(stage.bind(long_unseen).await, Bound::PhoneTaken);
}

pub(crate) async fn who_came_by_a_number_alone_changes_no_way_in(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.first(Scan { app: app("shop"), ..scan(login(2), "oShop") }).await;
    stage.bound(binding(login(2), 1)).await;
    asked(&stage, 3).await;
    stage.bound(binding(login(3), 1)).await;
    let by_number = stage.open(new_session(login(3), account, 3)).await.active.session.id;
    let identities = stage.accounts.identities(account).await.expect(WORKS);
    for identity in &identities {
        let removal = Removal { account, identity: identity.id, asked_by: by_number, at: at(9) };
        assert_eq!(stage.accounts.remove_identity(removal).await, Ok(Removed::OnProbation));
    }
    let change = phone_change_at(account, 2, login(3), at(9));
    assert_eq!(stage.accounts.change_phone(change).await, Ok(PhoneChanged::OnProbation));

    let known = stage.first(scan(login(4), "oAnna")).await;
    assert!(known.known);
    let scanned = stage.open(new_session(login(4), account, 4)).await.active.session.id;
    let shop = identities.iter().find(|identity| identity.app == app("shop")).expect("it was linked").id;
    let removal = Removal { account, identity: shop, asked_by: scanned, at: at(9) };
    let removed = stage.accounts.remove_identity(removal).await.expect(WORKS);
    assert!(matches!(removed, Removed::Done { .. }), "a scan shows who it is: {removed:?}");
    let change = phone_change_at(account, 2, login(4), at(9));
    assert_eq!(stage.accounts.change_phone(change).await, Ok(PhoneChanged::Done));
}
