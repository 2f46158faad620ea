//! Writing and finding entries.

use saoma_domain::journal::{JournalEntry, JournalFilter};

use super::JournalStage;
use crate::values::{app, at, journal_entry, login, openid};

pub(super) async fn an_entry_is_found_as_it_was_written(stage: JournalStage) {
    let whole = JournalEntry {
        kind: "text".into(),
        key: None,
        text: Some("帮助 \"quoted\" 'and' so\\on".to_owned()),
        msg_id: Some("6054768590064713728".to_owned()),
        login: Some(login(1)),
        replay_of: Some(journal_entry("oAnna", 9).id),
        told_at: at(0),
        ..journal_entry("oAnna", 1)
    };
    let other = journal_entry("oBert", 2);
    stage.write(vec![whole.clone(), other.clone()]).await;
    for entry in [whole, other] {
        assert_eq!(stage.journal.find_entry(entry.id).await, Ok(Some(entry)));
    }
    assert_eq!(stage.journal.find_entry(journal_entry("oAnna", 5).id).await, Ok(None));
}

pub(super) async fn entries_are_listed_from_the_newest_on(stage: JournalStage) {
    stage.write((1..=5).map(|secs| journal_entry("oAnna", secs)).collect()).await;
    let all = JournalFilter::default;
    assert_eq!(stage.found(all(), None, 2).await, [5, 4]);
    assert_eq!(stage.found(all(), Some(journal_entry("oAnna", 4).id), 9).await, [3, 2, 1]);
}

pub(super) async fn entries_are_found_by_what_they_are_about(stage: JournalStage) {
    let expired = JournalEntry { outcome: "expired".into(), ..journal_entry("oAnna", 2) };
    let in_shop = JournalEntry { app: app("shop"), login: Some(login(3)), ..journal_entry("oAnna", 3) };
    stage.write(vec![journal_entry("oAnna", 1), expired, in_shop, journal_entry("oBert", 4)]).await;
    let filter = JournalFilter { openid: Some(openid("oAnna")), ..JournalFilter::default() };
    assert_eq!(stage.found(filter.clone(), None, 9).await, [3, 2, 1]);
    let in_main = JournalFilter { app: Some(app("main")), ..filter };
    assert_eq!(stage.found(in_main.clone(), None, 9).await, [2, 1]);
    let expired = JournalFilter { outcome: Some("expired".to_owned()), ..in_main };
    assert_eq!(stage.found(expired, None, 9).await, [2]);
    let of_login = JournalFilter { login: Some(login(3)), ..JournalFilter::default() };
    assert_eq!(stage.found(of_login, None, 9).await, [3]);
}

pub(super) async fn a_person_is_forgotten_and_no_other_one(stage: JournalStage) {
    let in_shop = JournalEntry { app: app("shop"), ..journal_entry("oAnna", 3) };
    stage.write(vec![journal_entry("oAnna", 1), journal_entry("oBert", 2), in_shop]).await;
    stage.journal.forget_person(&app("main"), &openid("oAnna")).await.expect("the store works");
    assert_eq!(stage.found(JournalFilter::default(), None, 9).await, [3, 2]);
}

pub(super) async fn the_oldest_entries_go_first_and_no_younger_ones_go(stage: JournalStage) {
    stage.write((1..=5).rev().map(|secs| journal_entry("oAnna", secs)).collect()).await;
    let prune = |before, batch| stage.journal.prune_entries(at(before), batch);
    assert_eq!(prune(5, 2).await, Ok(2));
    assert_eq!(stage.found(JournalFilter::default(), None, 9).await, [5, 4, 3]);
    assert_eq!(prune(5, 10).await, Ok(2));
    assert_eq!(prune(5, 10).await, Ok(0));
    assert_eq!(stage.found(JournalFilter::default(), None, 9).await, [5]);
}

pub(super) async fn what_an_entry_led_to_can_be_mended(stage: JournalStage) {
    let (entry, other) = (journal_entry("oAnna", 1), journal_entry("oAnna", 2));
    stage.write(vec![entry.clone(), other.clone()]).await;
    stage.journal.mend_entry(entry.id, "kept".to_owned(), 4100).await.expect("the store works");
    let mended = JournalEntry { outcome: "kept".into(), took_ms: 4100, ..entry };
    assert_eq!(stage.journal.find_entry(mended.id).await, Ok(Some(mended)));
    assert_eq!(stage.journal.find_entry(other.id).await, Ok(Some(other)));
}
