//! Persons who have no account: whether they are asked for a phone number, and whether they are let in.

use saoma_domain::{
    login::{ExpiryReason, LoginState},
    ports::{Binding, Bound, Newcomers, Scan, ScanTaken},
};

use super::DatabaseStage;
use crate::values::{app, at, binding, login, new_account_id, scan};

pub(crate) async fn a_newcomer_gets_an_account_where_no_phone_is_asked_for(stage: DatabaseStage) {
    let account = new_account_id(at(1));
    let admitted =
        |number, person| Scan { newcomers: Newcomers::Admit(account), ..scan(login(number), person) };
    let taken = stage.take(admitted(1, "oAnna")).await;
    let ScanTaken::First(record) = taken else { panic!("{taken:?}") };
    assert!(matches!(record.login.state, LoginState::Registered { account: own, .. } if own == account));
    assert!(record.known && record.bound_now);
    let again = stage.take(admitted(1, "oAnna")).await;
    assert!(matches!(&again, ScanTaken::Again(again) if again.login == record.login), "{again:?}");
    let other = Newcomers::Admit(new_account_id(at(2)));
    let later = stage.take(Scan { newcomers: other, ..admitted(2, "oAnna") }).await;
    assert!(
        matches!(&later, ScanTaken::First(later) if matches!(later.login.state, LoginState::Registered { account: own, .. } if own == account)),
        "one account for one person: {later:?}"
    );
}

pub(crate) async fn a_newcomer_is_refused_where_registration_is_closed(stage: DatabaseStage) {
    let refused = |number, person| Scan { newcomers: Newcomers::Refuse, ..scan(login(number), person) };
    for _ in 0..2 {
        let taken = stage.take(refused(1, "oAnna")).await;
        let ScanTaken::RegistrationClosed(ended) = taken else { panic!("{taken:?}") };
        assert!(matches!(ended.state, LoginState::Expired { reason: ExpiryReason::Denied, .. }));
    }
    stage.take(scan(login(2), "oBert")).await;
    stage.bound(binding(login(2), 1)).await;
    assert!(matches!(stage.take(refused(3, "oBert")).await, ScanTaken::First(record) if record.known));
}

pub(crate) async fn a_login_goes_on_without_a_number_where_that_is_allowed(stage: DatabaseStage) {
    stage.take(scan(login(1), "oAnna")).await;
    let without = Binding { phone: None, ..binding(login(1), 1) };
    let bound = stage.bind(without.clone()).await;
    assert!(matches!(&bound, Bound::Registered(_)), "{bound:?}");
    assert_eq!(stage.bind(without).await, bound, "a repetition gets the same answer");
}

pub(crate) async fn a_new_number_makes_no_account_where_registration_is_closed(stage: DatabaseStage) {
    stage.take(scan(login(1), "oAnna")).await;
    let closed = Binding { admits: false, ..binding(login(1), 1) };
    assert_eq!(stage.bind(closed.clone()).await, Bound::RegistrationClosed);
    assert_eq!(stage.bind(Binding { phone: None, ..closed }).await, Bound::RegistrationClosed);
    stage.bound(binding(login(1), 1)).await;
    stage.take(Scan { app: app("site"), ..scan(login(2), "oAnnaOnSite") }).await;
    let known = stage.bind(Binding { admits: false, ..binding(login(2), 1) }).await;
    assert!(matches!(known, Bound::ByNumberAlone(_)), "{known:?}");
}
