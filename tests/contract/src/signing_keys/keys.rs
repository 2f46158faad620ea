//! Adding and reading.

use saoma_domain::signing::SigningAlgorithm::{Es256, Rs256};

use super::{SigningKeysStage, key};
use crate::{all_at_once, values::at};

pub(crate) async fn a_key_comes_back_as_it_was_added(stage: SigningKeysStage) {
    assert_eq!(stage.all().await, []);
    assert_eq!(stage.add(key(Es256, 1, 7), at(100)).await, [key(Es256, 1, 7)]);
    assert_eq!(stage.all().await, [key(Es256, 1, 7)]);
}

pub(crate) async fn of_fifty_nodes_one_has_made_the_key_for_all(stage: SigningKeysStage) {
    let added = all_at_once((0..50).map(|maker| {
        let stage = stage.clone();
        async move { stage.add(key(Es256, 1, maker), at(100)).await }
    }))
    .await;
    let kept = stage.all().await;
    assert_eq!(kept.len(), 1);
    assert!(added.iter().all(|told| *told == kept));
}

pub(crate) async fn an_older_key_is_not_added_behind_a_newer_one(stage: SigningKeysStage) {
    stage.add(key(Es256, 2, 1), at(200)).await;
    for generation in [1, 2] {
        assert_eq!(stage.add(key(Es256, generation, 9), at(201)).await, [key(Es256, 2, 1)]);
    }
}

pub(crate) async fn a_key_goes_when_it_is_published_no_more(stage: SigningKeysStage) {
    stage.add(key(Es256, 1, 1), at(100)).await;
    assert_eq!(stage.add(key(Es256, 2, 1), at(190)).await.len(), 2, "both are published");
    assert_eq!(stage.add(key(Es256, 3, 1), at(290)).await, [key(Es256, 2, 1), key(Es256, 3, 1)]);
    assert_eq!(stage.all().await, [key(Es256, 2, 1), key(Es256, 3, 1)]);
}

pub(crate) async fn the_algorithms_have_keys_of_their_own(stage: SigningKeysStage) {
    stage.add(key(Rs256, 1, 1), at(100)).await;
    stage.add(key(Es256, 1, 2), at(100)).await;
    assert_eq!(stage.add(key(Es256, 9, 3), at(900)).await, [key(Es256, 9, 3), key(Rs256, 1, 1)]);
}
