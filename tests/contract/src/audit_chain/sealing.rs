//! Writing notes, sealing them, and letting old ones go.

use saoma_domain::{
    account::AccountId,
    actor::{Actor, KeyName},
    login::ClientInfo,
    ports::{AuditFilter, AuditKind, AuditNote, AuditSeal},
    rules::AUDIT_LEASE,
};

use super::{AuditChainStage, Tampering, note};
use crate::{all_at_once, values::at};

pub(super) async fn a_note_is_found_as_it_was_written(stage: AuditChainStage) {
    let whole = AuditNote {
        account: Some(AccountId::from_store([1; 16])),
        actor: Some(Actor::Key(KeyName::parse("orders").expect("a name"))),
        detail: Some("read one account".to_owned()),
        ..note(1)
    };
    stage.trail.write_note(whole.clone()).await.expect("the store works");
    let odd = AuditNote { client: ClientInfo::new("::1", "O'Neil \\ \"x\"; DROP TABLE 明"), ..note(2) };
    stage.trail.write_note(odd.clone()).await.expect("the store works");
    let found: Vec<_> = stage.records().await.into_iter().map(|record| record.note).collect();
    assert_eq!(found, [odd.plain(), whole.plain()]);
}

pub(super) async fn records_are_listed_from_the_youngest_on(stage: AuditChainStage) {
    stage.write(1..=4).await;
    let account = AccountId::from_store([1; 16]);
    let of_account = AuditNote { account: Some(account), ..AuditNote::new(AuditKind::SmsCode, at(5)) };
    stage.trail.write_note(of_account).await.expect("the store works");
    let list = async |filter, before| {
        let found = stage.trail.records(filter, before, 2).await.expect("the store works");
        found.into_iter().map(|record| (record.id, record.note.at)).collect::<Vec<_>>()
    };
    let page = list(AuditFilter::default(), None).await;
    assert_eq!(page.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [at(5), at(4)]);
    let rest = list(AuditFilter::default(), page.last().map(|(id, _)| *id)).await;
    assert_eq!(rest.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [at(3), at(2)]);
    let of_account = AuditFilter { account: Some(account), kind: None };
    assert_eq!(list(of_account, None).await.len(), 1);
    let refused = AuditFilter { account: None, kind: Some(AuditKind::LoginRefused) };
    assert_eq!(list(refused, None).await.first().map(|(_, at)| *at), Some(at(4)));
}

pub(super) async fn what_is_committed_is_sealed_once(stage: AuditChainStage) {
    stage.write(1..=3).await;
    let (sealed, chain) = stage.seal("one", at(9)).await.expect("it has the lease");
    assert_eq!((sealed, chain.anchor, chain.head.seq), (3, AuditSeal::START, 3));
    assert_eq!(stage.seal("one", at(10)).await.map(|(sealed, _)| sealed), Some(0));
    stage.write([4]).await;
    assert_eq!(stage.seal("one", at(11)).await.map(|(sealed, chain)| (sealed, chain.head.seq)), Some((1, 4)));
    let places: Vec<_> = stage.records().await.iter().filter_map(|record| Some(record.seal?.seq)).collect();
    assert_eq!(places, [4, 3, 2, 1]);
}

pub(super) async fn the_chain_is_the_same_wherever_it_is_sealed(stage: AuditChainStage) {
    let chain = stage.sealed([1]).await;
    let hash: String = chain.head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    // A trail that was sealed by another build, on another store, has to be found whole.
    assert_eq!(hash, "df60a5bea0a81dd376764dd65bd0a0c626a9d801c8d1649de3b6ca07606ac0d5");
    let again = stage.records().await.pop().and_then(|record| record.seal);
    assert_eq!(again, Some(chain.head));
}

pub(super) async fn one_node_seals_at_a_time(stage: AuditChainStage) {
    stage.write([1]).await;
    assert!(stage.seal("one", at(9)).await.is_some());
    stage.write([2]).await;
    assert_eq!(stage.seal("other", at(10)).await, None, "the first one has the lease");
    let over = at(9).plus(AUDIT_LEASE);
    assert_eq!(stage.seal("other", over).await.map(|(sealed, _)| sealed), Some(1));
    assert_eq!(stage.seal("one", over).await, None);
}

pub(super) async fn the_node_that_seals_keeps_its_lease_while_there_is_nothing_to_seal(
    stage: AuditChainStage,
) {
    let begin = at(9);
    assert!(stage.seal("one", begin).await.is_some());
    let later = begin.plus(AUDIT_LEASE * 3 / 4);
    assert!(stage.seal("one", later).await.is_some());
    assert_eq!(stage.seal("other", begin.plus(AUDIT_LEASE * 5 / 4)).await, None);
    assert!(stage.seal("other", later.plus(AUDIT_LEASE)).await.is_some(), "the first one is gone");
}

pub(super) async fn of_ten_nodes_at_once_none_forks_the_chain(stage: AuditChainStage) {
    stage.write(1..=20).await;
    let nodes = (0..10).map(|node| {
        let stage = stage.clone();
        async move { stage.seal(&format!("node-{node}"), at(9)).await }
    });
    let sealed: u32 = all_at_once(nodes).await.into_iter().flatten().map(|(sealed, _)| sealed).sum();
    assert_eq!((sealed, stage.verify().await), (20, (20, Vec::new())));
}

pub(super) async fn what_is_old_goes_and_the_chain_still_holds(stage: AuditChainStage) {
    stage.sealed(1..=5).await;
    assert_eq!(stage.trail.forget_before(at(4)).await, Ok(3));
    assert_eq!(stage.trail.forget_before(at(4)).await, Ok(0));
    assert_eq!(stage.verify().await, (2, Vec::new()));
    let chain = stage.sealed([6]).await;
    assert_eq!((chain.anchor.seq, chain.head.seq), (3, 6));
    assert_eq!(stage.verify().await, (3, Vec::new()));
}

pub(super) async fn where_it_came_from_can_go_and_the_chain_still_holds(stage: AuditChainStage) {
    let of_account = AuditNote { account: Some(AccountId::from_store([1; 16])), login: None, ..note(1) };
    stage.trail.write_note(of_account).await.expect("the store works");
    let chain = stage.sealed([2, 3]).await;
    let login = note(2).login.expect("a note of a login");
    stage.trail.tamper(Tampering::ForgetClients(login)).await;
    let left: Vec<_> = stage
        .records()
        .await
        .into_iter()
        .map(|record| record.note.client)
        .filter(|client| *client != ClientInfo::default())
        .collect();
    assert_eq!(left, [note(3).plain().client]);
    let (records, damages) = stage.trail.verify_chain().await.expect("the store works");
    assert_eq!((records, damages, chain.head.seq), (3, Vec::new(), 3));
}
