//! Merging two accounts by the person whose both are.

use saoma_domain::{
    account::{Account, AccountId},
    actor::Actor,
    login::LoginId,
    ports::{
        AccountProof, Disowned, Merge, MergeId, MergePart, Merged, NumberLogin, OwnErased, OwnErasure,
        OwnMerge, OwnMerged, PersonChange, PersonKey, Scan, Undo, Undone,
    },
    rules::{PROBATION, RECENT_LOGIN},
    time::Timestamp,
};

use super::{DatabaseStage, merging::only_a_number};
use crate::values::{
    BIND_WINDOW, CountingRandom, app, at, binding, client_info, login, new_session, openid, phone, scan,
    union,
};

const WORKS: &str = "the store works";

static IDS: CountingRandom = CountingRandom::starting_at(1 << 41);

/// What a merge asks for, by the session of login 1, eight seconds after the beginning of time.
fn wish(into: AccountId, proof: AccountProof) -> OwnMerge {
    let id = MergeId::generate(at(8), &IDS);
    OwnMerge { id, into, asked_by: login(1), proof, seen_since: None, dry_run: false, at: at(8) }
}

async fn merge(stage: &DatabaseStage, wish: OwnMerge) -> OwnMerged {
    stage.merges.merge_own(wish).await.expect(WORKS)
}

/// Lets a user of the shop register with a number; returns the account.
async fn in_shop(stage: &DatabaseStage, login: LoginId, person: &str, number: u32) -> AccountId {
    stage.first(Scan { app: app("shop"), ..scan(login, person) }).await;
    stage.bound(binding(login, number)).await.1
}

async fn account(stage: &DatabaseStage, id: AccountId) -> Account {
    stage.accounts.account(id).await.expect(WORKS).expect("it is there")
}

pub(crate) async fn a_person_merges_the_account_that_a_login_proves_and_undoes_it(stage: DatabaseStage) {
    let into = stage.register(login(1), "oAnna", 1).await;
    let from = in_shop(&stage, login(2), "oShop", 2).await;
    let session = stage.open(new_session(login(2), from, 2)).await;
    let proof = AccountProof::Login(login(2));
    let before = account(&stage, from).await;
    let preview = merge(&stage, OwnMerge { dry_run: true, ..wish(into, proof.clone()) }).await;
    let OwnMerged::Done { from: goes, moves, clashes, ended } = preview else { panic!("{preview:?}") };
    assert_eq!((*goes, moves.len(), clashes.as_slice(), ended), (before, 1, &[MergePart::Phone][..], vec![]));
    assert!(!account(&stage, from).await.disabled, "it was a preview");

    let wish = wish(into, proof);
    let id = wish.id;
    let done = merge(&stage, wish).await;
    assert!(matches!(&done, OwnMerged::Done { ended, .. } if *ended == [session.token_hash]), "{done:?}");
    assert_eq!(stage.openids(into).await.len(), 2);
    assert!(account(&stage, from).await.disabled);

    let stranger = stage.register(login(3), "oBert", 3).await;
    let undo = |account, login| Undo {
        merge: id,
        asked_by: Some((account, login)),
        at: at(9),
        actor: Actor::Person,
    };
    let undone = async |account, login| stage.merges.undo_merge(undo(account, login)).await.expect(WORKS);
    assert_eq!(undone(stranger, login(3)).await, Undone::Unknown, "it is not of their account");
    assert_eq!(undone(from, login(2)).await, Undone::Unknown);
    assert!(matches!(undone(into, login(1)).await, Undone::Done { .. }));
    assert!(!account(&stage, from).await.disabled);
}

pub(crate) async fn not_me_undoes_the_merge_that_the_login_proved(stage: DatabaseStage) {
    let attacker = stage.register(login(1), "oMallory", 1).await;
    let victim = in_shop(&stage, login(2), "oShop", 2).await;
    let shown = stage.first(Scan { app: app("shop"), at: at(7), ..scan(login(3), "oShop") }).await;
    let done = merge(&stage, wish(attacker, AccountProof::Login(login(3)))).await;
    assert!(matches!(done, OwnMerged::Done { .. }), "{done:?}");
    let session = stage.open(new_session(login(1), attacker, 1)).await;

    let taken_back = stage.not_me(login(3), shown.identity, at(9)).await;
    let Disowned::Over { ended, unlinked_from, .. } = taken_back else { panic!("{taken_back:?}") };
    assert_eq!(unlinked_from, Some(attacker));
    assert!(!ended.contains(&session.token_hash), "the other session came from the attacker's own WeChat");
    assert!(!account(&stage, victim).await.disabled);
    assert_eq!(stage.openids(victim).await, [openid("oShop")]);
    assert_eq!(stage.openids(attacker).await, [openid("oMallory")]);
}

pub(crate) async fn not_me_leaves_a_merge_that_the_login_cannot_have_proved(stage: DatabaseStage) {
    let other = stage.register(login(1), "oAnna", 1).await;
    let from = in_shop(&stage, login(2), "oShop", 2).await;
    let shown = stage.first(Scan { app: app("shop"), at: at(7), ..scan(login(3), "oShop") }).await;
    let late = at(7).plus(RECENT_LOGIN);
    let id = MergeId::generate(late, &IDS);
    let by_operator = Merge { id, into: other, from, dry_run: false, at: late, actor: Actor::Operator };
    assert!(matches!(stage.merges.merge(by_operator).await.expect(WORKS), Merged::Done { .. }));
    stage.not_me(login(3), shown.identity, late.plus(RECENT_LOGIN)).await;
    assert!(account(&stage, from).await.disabled, "an operator did it");
    assert_eq!(stage.openids(other).await.len(), 2);
}

pub(crate) async fn what_proves_no_account_merges_nothing(stage: DatabaseStage) {
    let into = stage.register(login(1), "oAnna", 1).await;
    let from = in_shop(&stage, login(2), "oShop", 2).await;
    let by_login = |id| wish(into, AccountProof::Login(id));
    let refused = async |wish| merge(&stage, wish).await;
    assert_eq!(refused(by_login(login(3))).await, OwnMerged::NotRegistered("loop"));
    stage.first(scan(login(4), "oNew")).await;
    assert_eq!(refused(by_login(login(4))).await, OwnMerged::NotRegistered("unregistered"));
    let late = at(2).plus(RECENT_LOGIN);
    assert_eq!(refused(OwnMerge { at: late, ..by_login(login(2)) }).await, OwnMerged::TooLongAgo);
    assert_eq!(refused(by_login(login(1))).await, OwnMerged::Impossible, "it is the same account");
    let unknown = wish(into, AccountProof::Number(phone(7)));
    assert_eq!(refused(unknown).await, OwnMerged::Unknown);

    let shut = |disabled| PersonChange {
        disabled: Some(disabled),
        ..PersonChange::of(from, Actor::Operator, at(4))
    };
    stage.people.change_person(shut(true)).await.expect(WORKS);
    assert_eq!(refused(by_login(login(2))).await, OwnMerged::Disabled);
    stage.people.change_person(shut(false)).await.expect(WORKS);
    assert_eq!(refused(by_login(login(2))).await, OwnMerged::TooLongAgo, "its sessions were ended since");
    assert_eq!(stage.openids(from).await.len(), 1);
}

pub(crate) async fn a_number_proves_only_what_no_wechat_user_contradicts(stage: DatabaseStage) {
    let into = stage.register(login(1), "oAnna", 1).await;
    let theirs = in_shop(&stage, login(2), "oShop", 2).await;
    let by_number = |number| wish(into, AccountProof::Number(phone(number)));
    assert_eq!(merge(&stage, by_number(2)).await, OwnMerged::ScanNeeded, "it may have another owner by now");
    let free = only_a_number(&stage, 60).await;
    let long_unseen = OwnMerge { seen_since: Some(at(5)), ..by_number(60) };
    assert_eq!(merge(&stage, long_unseen).await, OwnMerged::ScanNeeded);
    assert!(matches!(merge(&stage, by_number(60)).await, OwnMerged::Done { .. }));
    assert!(account(&stage, free).await.disabled);

    // A unionid says that both are hers.
    for (number, name, openid) in [(5, "main", "oAnna"), (6, "shop", "oShop")] {
        let known = Scan { app: app(name), union: Some(union("uAnna")), ..scan(login(number), openid) };
        assert!(stage.first(known).await.known);
    }
    assert!(matches!(merge(&stage, by_number(2)).await, OwnMerged::Done { .. }));
    assert!(account(&stage, theirs).await.disabled);
}

/// Lets a person log in by a number alone.
async fn by_number_alone(stage: &DatabaseStage, login: LoginId, number: u32) -> AccountId {
    let asked = NumberLogin { login, client_info: client_info(), at: at(1), window: BIND_WINDOW };
    stage.logins.ask_for_number(asked).await.expect(WORKS);
    stage.bound(binding(login, number)).await.1
}

pub(crate) async fn who_came_by_a_number_alone_merges_no_account(stage: DatabaseStage) {
    let theirs = stage.register(login(2), "oAnna", 1).await;
    let own = in_shop(&stage, login(3), "oBert", 3).await;
    assert_eq!(by_number_alone(&stage, login(1), 1).await, theirs);
    assert_eq!(merge(&stage, wish(theirs, AccountProof::Login(login(3)))).await, OwnMerged::OnProbation);
    let asked = |proof| OwnMerge { asked_by: login(3), ..wish(own, proof) };
    assert_eq!(merge(&stage, asked(AccountProof::Login(login(1)))).await, OwnMerged::ScanNeeded);

    // Bert binds Anna's number from the site, and is on probation in her account.
    stage.first(Scan { app: app("site"), ..scan(login(4), "oBertSite") }).await;
    assert_eq!(stage.bound(binding(login(4), 1)).await.1, theirs);
    assert_eq!(merge(&stage, asked(AccountProof::Login(login(4)))).await, OwnMerged::ScanNeeded);
    let wish = OwnMerge { asked_by: login(4), ..wish(theirs, AccountProof::Login(login(3))) };
    assert_eq!(merge(&stage, wish).await, OwnMerged::OnProbation);
}

async fn erase(stage: &DatabaseStage, account: AccountId, asked_by: LoginId, at: Timestamp) -> OwnErased {
    stage.people.erase_own(OwnErasure { account, asked_by, at }).await.expect(WORKS)
}

pub(crate) async fn who_came_by_the_number_alone_erases_nothing_for_a_week(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    assert_eq!(by_number_alone(&stage, login(2), 1).await, account);
    stage.first(Scan { app: app("shop"), ..scan(login(3), "oBert") }).await;
    assert_eq!(stage.bound(binding(login(3), 1)).await.1, account);
    for asked_by in [login(2), login(3)] {
        assert_eq!(erase(&stage, account, asked_by, at(9)).await, OwnErased::OnProbation);
    }
    assert!(stage.has_account(account).await);
    assert!(matches!(erase(&stage, account, login(3), at(2).plus(PROBATION)).await, OwnErased::Done(_)));
    assert_eq!(erase(&stage, account, login(1), at(9)).await, OwnErased::Unknown);

    let without_users = by_number_alone(&stage, login(4), 4).await;
    assert!(matches!(erase(&stage, without_users, login(4), at(9)).await, OwnErased::Done(_)));
    let gone = stage.people.find_people(PersonKey::Id(without_users)).await.expect(WORKS);
    assert_eq!(gone, []);
}
