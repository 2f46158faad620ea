//! What the rules cost: how many row operations each does. Where rows are kept in SQL, each of them is one statement.

use saoma_contract::values::{
    BIND_WINDOW, CountingRandom, app, at, binding, client_info, key_ring, link, login, new_session,
    new_session_id, openid, phone_change, scan, token_hash, union,
};
use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{Login, LoginEvent, LoginId, LoginState},
    oidc::{AuthorizationCode, ClientId, Grant, GrantId, Scopes},
    ports::{
        Accounts, AuditTrail, Bound, CodeHash, CodeRedemption, Ending, FollowChange, Grants, Logins,
        NewGrant, OneTimeCodes, PendingLink, PhoneChanged, Pruning, Redeemed, Redemption, Refresh, Refreshed,
        Removal, Removed, Scan, ScanRecord, ScanTaken, Sessions,
    },
};
use saoma_testing::MemoryDatabase;

/// A database that counts.
struct Counted(MemoryDatabase);

impl Counted {
    fn new() -> Self {
        Self(MemoryDatabase::new())
    }

    /// Does something that has to cost so many row operations.
    async fn costs<T>(
        &self,
        operations: usize,
        work: impl Future<Output = Result<T, impl std::fmt::Debug>>,
    ) -> T {
        let before = self.0.row_operations();
        let answer = work.await.unwrap();
        assert_eq!(self.0.row_operations() - before, operations);
        answer
    }

    async fn first(&self, operations: usize, scan: Scan) -> ScanRecord {
        let ScanTaken::First(record) = self.costs(operations, self.0.take_scan(scan)).await else {
            unreachable!("it is the first scan")
        };
        record
    }

    /// Makes the account of a follower of the app `main` by the login with this number.
    async fn registered(&self, number: u32) -> (AccountId, IdentityId) {
        let id = login(number.into());
        let Ok(ScanTaken::First(record)) = self.0.take_scan(scan(id, &format!("oPerson{number}"))).await
        else {
            unreachable!("it is the first scan")
        };
        let Ok(Bound::Registered(login)) = self.0.bind(binding(id, number)).await else {
            unreachable!("the number is free")
        };
        (account_of(&login), record.identity)
    }
}

fn account_of(login: &Login) -> AccountId {
    match login.state {
        LoginState::Registered { account, .. } => account,
        LoginState::Loop { .. }
        | LoginState::Scanned { .. }
        | LoginState::Unregistered { .. }
        | LoginState::Expired { .. } => {
            unreachable!("not registered: {login:?}")
        }
    }
}

fn in_shop(login: LoginId, person: &str) -> Scan {
    Scan { app: app("shop"), ..scan(login, person) }
}

#[tokio::test]
async fn what_a_first_scan_costs() {
    let db = Counted::new();
    let (account, identity) = db.registered(1).await;
    assert_eq!(account_of(&db.first(2, scan(login(2), "oPerson1")).await.login), account);
    assert!(!db.first(3, scan(login(3), "oNew")).await.known);
    assert!(!db.first(3, scan(login(4), "oNew")).await.known, "seen before, without an account");

    db.0.link(link(login(1), identity, "uAnna")).await.unwrap();
    let by_union = Scan { union: Some(union("uAnna")), ..in_shop(login(5), "oAnnaShop") };
    assert_eq!(account_of(&db.first(6, by_union).await.login), account);
    db.0.add_pending_link(PendingLink { login: login(6), account, at: at(0) }).await.unwrap();
    let mini = Scan { app: app("mini"), ..scan(login(6), "oAnnaMini") };
    assert!(db.first(7, mini).await.linked);
    db.0.add_pending_link(PendingLink { login: login(7), account, at: at(0) }).await.unwrap();
    let refused = db.costs(6, db.0.take_scan(scan(login(7), "oBert"))).await;
    assert!(matches!(refused, ScanTaken::LinkRefused(_)));
}

#[tokio::test]
async fn what_a_repeated_scan_costs() {
    let db = Counted::new();
    db.first(3, scan(login(1), "oAnna")).await;
    let again = db.costs(1, db.0.take_scan(scan(login(1), "oAnna"))).await;
    assert!(matches!(again, ScanTaken::Again(_)));
    assert_eq!(db.costs(1, db.0.take_scan(scan(login(1), "oBert"))).await, ScanTaken::ByAnother);
    let late = Scan { at: at(0).plus(BIND_WINDOW), ..scan(login(2), "oAnna") };
    assert!(matches!(db.costs(1, db.0.take_scan(late)).await, ScanTaken::Over(_)));
}

#[tokio::test]
async fn what_binding_a_phone_number_costs() {
    let db = Counted::new();
    db.first(3, scan(login(1), "oAnna")).await;
    let new = db.costs(8, db.0.bind(binding(login(1), 1))).await;
    assert!(matches!(new, Bound::Registered(_)));
    assert_eq!(db.costs(1, db.0.bind(binding(login(1), 1))).await, new, "a repetition");
    db.first(3, in_shop(login(2), "oAnnaShop")).await;
    assert!(matches!(db.costs(8, db.0.bind(binding(login(2), 1))).await, Bound::ByNumberAlone(_)));
    db.first(3, scan(login(3), "oBert")).await;
    assert_eq!(db.costs(4, db.0.bind(binding(login(3), 1))).await, Bound::PhoneTaken);
}

#[tokio::test]
async fn what_linking_by_a_unionid_costs() {
    let db = Counted::new();
    let (_, identity) = db.registered(1).await;
    assert_eq!(db.costs(4, db.0.link(link(login(1), identity, "uAnna"))).await, None, "noted only");
    assert_eq!(db.costs(2, db.0.link(link(login(1), identity, "uAnna"))).await, None, "known already");
    let shop = db.first(3, in_shop(login(2), "oAnnaShop")).await.identity;
    assert!(db.costs(8, db.0.link(link(login(2), shop, "uAnna"))).await.is_some());
    let (_, other) = db.registered(3).await;
    assert_eq!(
        db.costs(6, db.0.link(link(login(3), other, "uAnna"))).await,
        None,
        "a conflict of two accounts"
    );
}

#[tokio::test]
async fn what_a_pending_link_and_a_cancellation_cost() {
    let db = Counted::new();
    let (account, _) = db.registered(1).await;
    let pending = PendingLink { login: login(2), account, at: at(0) };
    db.costs(2, db.0.add_pending_link(pending.clone())).await;
    db.costs(1, db.0.add_pending_link(pending)).await;
    for id in [login(2), login(3)] {
        db.costs(2, Logins::end(&db.0, id, LoginEvent::Cancelled, at(1))).await;
        db.costs(1, Logins::end(&db.0, id, LoginEvent::Cancelled, at(1))).await;
    }
    db.first(3, scan(login(4), "oBert")).await;
    db.costs(3, Logins::end(&db.0, login(4), LoginEvent::Denied, at(2))).await;
    assert!(db.costs(1, Logins::find(&db.0, login(4))).await.is_some());
    assert_eq!(db.costs(1, db.0.find_many(&[login(3), login(4)])).await.len(), 2);
}

#[tokio::test]
async fn what_sessions_cost() {
    let db = Counted::new();
    let (account, _) = db.registered(1).await;
    let issued = db.costs(4, db.0.issue(new_session(login(1), account, 1))).await.unwrap();
    db.costs(2, db.0.issue(new_session(login(1), account, 1))).await;
    assert!(db.costs(1, Sessions::find(&db.0, &token_hash(1))).await.is_some());
    db.costs(1, db.0.touch(issued.active.session.id, at(100))).await;
    assert_eq!(db.costs(1, db.0.list(account)).await.len(), 1);
    assert_eq!(db.costs(1, db.0.tokens_of(account)).await.len(), 1);
    assert!(db.costs(3, Sessions::end(&db.0, account, issued.active.session.id, at(9))).await.is_some());
    assert!(db.costs(1, Sessions::end(&db.0, account, issued.active.session.id, at(9))).await.is_none());
    for number in [2, 3] {
        db.0.take_scan(scan(login(number), "oPerson1")).await.unwrap();
        db.0.issue(new_session(login(number), account, number)).await.unwrap();
    }
    assert_eq!(db.costs(6, db.0.end_all(account, at(9))).await.len(), 2);
    assert_eq!(db.costs(2, db.0.end_until(account, at(5), at(9))).await.len(), 0);
}

#[tokio::test]
async fn what_accounts_cost() {
    let db = Counted::new();
    let (account, identity) = db.registered(1).await;
    let asked_by = db.0.issue(new_session(login(1), account, 1)).await.unwrap().unwrap().active.session.id;
    let shop = db.first(3, in_shop(login(2), "oAnnaShop")).await.identity;
    db.0.bind(binding(login(2), 1)).await.unwrap();
    db.0.issue(new_session(login(2), account, 2)).await.unwrap();
    let removal = Removal { account, identity: shop, asked_by, at: at(9) };
    let removed = db.costs(7, db.0.remove_identity(removal)).await;
    assert_eq!(removed, Removed::Done { ended: vec![token_hash(2)] });
    let removal = Removal { account, identity, asked_by: new_session_id(at(9)), at: at(9) };
    assert_eq!(db.costs(2, db.0.remove_identity(removal)).await, Removed::LastOne);

    assert_eq!(db.costs(6, db.0.change_phone(phone_change(account, 2))).await, PhoneChanged::Done);
    assert_eq!(db.costs(1, db.0.change_phone(phone_change(account, 2))).await, PhoneChanged::Done);
    assert!(db.costs(2, db.0.set_disabled(account, true)).await);
    assert!(db.costs(1, db.0.account(account)).await.is_some());
    assert!(db.costs(1, db.0.identity(identity)).await.is_some());
    assert_eq!(db.costs(1, db.0.identities(account)).await.len(), 1);
    assert_eq!(db.costs(1, db.0.conflicts(account)).await, []);
    assert_eq!(db.costs(1, db.0.entries(account, 2)).await.len(), 2);
}

#[tokio::test]
async fn what_following_costs() {
    let db = Counted::new();
    db.registered(1).await;
    let follow = |subscribed, secs| {
        let openid = openid("oPerson1");
        db.0.record_follow(FollowChange { app: app("main"), openid, subscribed, at: at(secs) })
    };
    db.costs(3, follow(false, 7)).await;
    db.costs(1, follow(false, 8)).await;
    db.costs(2, follow(true, 9)).await;
    db.costs(1, follow(true, 9)).await;
}

#[tokio::test]
async fn what_grants_cost() {
    let db = Counted::new();
    let (account, _) = db.registered(1).await;
    let session = db.0.issue(new_session(login(1), account, 1)).await.unwrap().unwrap().active.session;
    let keys = key_ring();
    let id = GrantId::generate(at(10), &CountingRandom::starting_at(1));
    let code = AuthorizationCode::generate(id, keys.current(), &CountingRandom::starting_at(1));
    let grant = Grant {
        id,
        client: ClientId::parse("app").unwrap(),
        account,
        session: session.id,
        scopes: Scopes::all(),
        redirect_uri: "https://app.example.test/cb".to_owned(),
        nonce: None,
        challenge: None,
        at: at(10),
    };
    let (client, redirect_uri) = (grant.client.clone(), Some(grant.redirect_uri.clone()));
    let new = NewGrant { grant, code: code.hash(), consented: false, client_info: client_info() };
    assert!(db.costs(4, db.0.make_grant(new)).await);
    let first = code.refresh_token(keys.current());
    let redemption = CodeRedemption {
        grant: id,
        code: code.hash(),
        client: client.clone(),
        redirect_uri,
        verifier: None,
        refresh_token: first.hash(),
        lives: BIND_WINDOW,
        at: at(11),
    };
    assert!(matches!(db.costs(5, db.0.redeem_code(redemption)).await, Redeemed::Done(_)));
    let refresh = Refresh {
        grant: id,
        generation: first.generation(),
        token: first.hash(),
        successor: first.successor(keys.current()).hash(),
        client: client.clone(),
        scopes: None,
        lives: BIND_WINDOW,
        at: at(12),
    };
    assert!(matches!(db.costs(5, db.0.refresh(refresh.clone())).await, Refreshed::Done(_)));
    assert!(matches!(db.costs(4, db.0.refresh(refresh)).await, Refreshed::Again(_)));
    assert!(db.costs(4, db.0.holder(id)).await.is_some(), "userinfo and introspection");
    assert_eq!(
        db.costs(1, saoma_domain::ports::Grants::consent(&db.0, account, &client)).await,
        Scopes::NONE
    );
    assert_eq!(db.costs(3, db.0.end_grant(id, &client, at(13))).await, Ending::Ended);
}

#[tokio::test]
async fn what_redeeming_and_pruning_cost() {
    let db = Counted::new();
    let (code, by) = (CodeHash::of("code", &[b"1"]), CodeHash::of("login", &[b"1"]));
    assert_eq!(db.costs(3, db.0.redeem(code, by, at(600))).await, Redemption::First);
    assert_eq!(db.costs(1, db.0.redeem(code, by, at(600))).await, Redemption::Again);
    assert_eq!(db.costs(1, db.0.redeem(code, code, at(600))).await, Redemption::ByAnother);
    assert_eq!(
        db.costs(3, db.0.redeem(code, by, at(6000))).await,
        Redemption::Again,
        "to be kept for longer"
    );
    // One for each table.
    assert_eq!(db.costs(10, db.0.prune(at(600), 1000)).await, 0);
}
