//! Finding logins.

use std::collections::BTreeMap;

use saoma_domain::{
    login::{Login, LoginEvent, LoginId},
    ports::LoginRecord,
};

use super::DatabaseStage;
use crate::values::{at, binding, login, proof, scan};

pub(crate) async fn a_login_without_history_has_no_record(stage: DatabaseStage) {
    assert_eq!(stage.find(login(1)).await, None);
    stage.first(scan(login(2), "oAnna")).await;
    assert_eq!(stage.find(login(1)).await, None);
}

pub(crate) async fn a_record_holds_login_and_proof(stage: DatabaseStage) {
    let record = stage.first(scan(login(1), "oAnna")).await;
    let scan_of_it = Some((record.client_info, record.at));
    let (scanned, identity) = (record.login, Some(record.identity));
    assert_eq!(
        stage.find(login(1)).await,
        Some(LoginRecord {
            login: scanned,
            identity,
            proof: None,
            scan: scan_of_it.clone(),
            link_refused: false,
            registration_closed: false
        })
    );
    let (bound, _) = stage.bound(binding(login(1), 7)).await;
    assert_eq!(
        stage.find(login(1)).await,
        Some(LoginRecord {
            login: bound,
            identity,
            proof: Some(proof(7)),
            scan: scan_of_it,
            link_refused: false,
            registration_closed: false
        })
    );
}

pub(crate) async fn many_logins_are_found_in_one_query(stage: DatabaseStage) {
    let mut expected = BTreeMap::<LoginId, Login>::new();
    for number in 0..20 {
        let login = match number % 4 {
            0 => stage.end(login(number), LoginEvent::Denied, at(1)).await,
            _ => stage.first(scan(login(number), &format!("oPerson{}", number / 2))).await.login,
        };
        expected.insert(login.id, login);
    }
    let bound = stage.bound(binding(login(1), 1)).await.0;
    expected.insert(bound.id, bound);

    let ids: Vec<LoginId> = (0..1000).rev().map(login).collect();
    let found = stage.logins.find_many(&ids).await.expect("the store works");
    assert_eq!(found.len(), expected.len());
    let found: BTreeMap<LoginId, Login> = found.into_iter().map(|login| (login.id, login)).collect();
    assert_eq!(found, expected);
    let two = stage.logins.find_many(&[login(1), login(999)]).await.expect("the store works");
    assert_eq!(two, [expected[&login(1)].clone()]);
}

pub(crate) async fn a_login_that_is_asked_for_twice_is_found_once(stage: DatabaseStage) {
    let scanned = stage.first(scan(login(1), "oAnna")).await.login;
    let found = stage.logins.find_many(&[login(1), login(2), login(1)]).await;
    assert_eq!(found, Ok(vec![scanned]));
}

pub(crate) async fn no_logins_are_found_for_no_ids(stage: DatabaseStage) {
    stage.first(scan(login(1), "oAnna")).await;
    assert_eq!(stage.logins.find_many(&[]).await, Ok(vec![]));
}
