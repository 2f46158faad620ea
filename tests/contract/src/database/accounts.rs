//! Reading and shutting accounts.

use saoma_domain::ports::Scan;

use super::DatabaseStage;
use crate::values::{app, at, binding, login, new_account_id, new_identity_id, openid, scan};

pub(crate) async fn an_unknown_account_is_absent(stage: DatabaseStage) {
    let unknown = new_account_id(at(0));
    assert_eq!(stage.accounts.account(unknown).await, Ok(None));
    assert_eq!(stage.accounts.identities(unknown).await, Ok(vec![]));
    assert_eq!(stage.accounts.conflicts(unknown).await, Ok(vec![]));
    assert_eq!(stage.entries(unknown).await, []);
    assert_eq!(stage.accounts.set_disabled(unknown, true).await, Ok(false));
}

pub(crate) async fn identities_come_oldest_first(stage: DatabaseStage) {
    let account = stage.register(login(1), "oFirst", 1).await;
    // Nodes whose clocks differ make them in another order than that of their times.
    for number in [3, 2, 4] {
        let scan = Scan {
            app: app(&format!("app-{}", 9 - number)),
            at: at(number),
            new_identity: new_identity_id(at(number)),
            ..scan(login(number), &format!("o{number}"))
        };
        stage.first(scan).await;
        stage.bound(binding(login(number), 1)).await;
    }
    assert_eq!(stage.openids(account).await, ["oFirst", "o2", "o3", "o4"].map(openid));
}

pub(crate) async fn an_account_can_be_shut_and_opened_again(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let other = stage.register(login(2), "oBert", 2).await;
    for disabled in [true, true, false] {
        assert_eq!(stage.accounts.set_disabled(account, disabled).await, Ok(true));
        let account = stage.accounts.account(account).await.expect("the store works");
        assert_eq!(account.map(|account| account.disabled), Some(disabled));
    }
    let other = stage.accounts.account(other).await.expect("the store works");
    assert_eq!(other.map(|account| account.disabled), Some(false));
}
