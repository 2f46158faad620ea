//! Claiming codes, and finding whose they are.

use std::time::Duration;

use super::{MessageCodesStage, TTL};
use crate::all_at_once;

pub(crate) async fn a_claimed_code_leads_to_its_login(stage: MessageCodesStage) {
    let (first, second) = (stage.scene(1), stage.scene(2));
    assert!(stage.claim("main", "482913", &first).await);
    assert!(stage.claim("main", "000007", &second).await);
    for _ in 0..2 {
        assert_eq!(stage.find("main", "482913").await.as_ref(), Some(&first), "however often it is sent");
        assert_eq!(stage.find("main", "000007").await.as_ref(), Some(&second));
    }
}

pub(crate) async fn a_code_that_was_not_claimed_leads_nowhere(stage: MessageCodesStage) {
    assert_eq!(stage.find("main", "482913").await, None);
    assert!(stage.claim("main", "482913", &stage.scene(1)).await);
    assert_eq!(stage.find("main", "482914").await, None);
}

pub(crate) async fn a_code_is_claimed_for_one_login(stage: MessageCodesStage) {
    let first = stage.scene(1);
    assert!(stage.claim("main", "482913", &first).await);
    assert!(!stage.claim("main", "482913", &stage.scene(2)).await);
    assert_eq!(stage.find("main", "482913").await, Some(first), "who claimed it first keeps it");
}

pub(crate) async fn the_code_of_one_app_is_none_of_another(stage: MessageCodesStage) {
    let (main, shop) = (stage.scene(1), stage.scene(2));
    assert!(stage.claim("main", "482913", &main).await);
    assert_eq!(stage.find("shop", "482913").await, None);
    assert!(stage.claim("shop", "482913", &shop).await);
    assert_eq!(stage.find("main", "482913").await, Some(main));
    assert_eq!(stage.find("shop", "482913").await, Some(shop));
}

pub(crate) async fn a_code_is_over_with_its_time(stage: MessageCodesStage) {
    let until = stage.time.now().plus(TTL);
    let scene = stage.scene(1);
    assert!(stage.claim_until("main", "482913", &scene, until).await);
    let last = until.minus(Duration::from_millis(1));
    assert_eq!(stage.find_at("main", "482913", last).await, Some(scene));
    assert_eq!(stage.find_at("main", "482913", until).await, None);
    assert_eq!(stage.find_at("main", "482913", until.plus(TTL)).await, None);
}

pub(crate) async fn a_code_that_is_over_can_be_claimed_again(stage: MessageCodesStage) {
    let until = stage.time.now().plus(Duration::from_millis(50));
    assert!(stage.claim_until("main", "482913", &stage.scene(1), until).await);
    stage.time.pass(Duration::from_millis(200)).await;
    let second = stage.scene(2);
    assert!(stage.claim("main", "482913", &second).await);
    assert_eq!(stage.find("main", "482913").await, Some(second));
}

pub(crate) async fn of_many_who_claim_a_code_at_once_one_gets_it(stage: MessageCodesStage) {
    for round in 0..10 {
        let code = format!("{round:06}");
        let claims = (0..16).map(|number| {
            let (stage, code) = (stage.clone(), code.clone());
            async move {
                let scene = stage.scene(number);
                stage.claim("main", &code, &scene).await.then_some(scene)
            }
        });
        let claimed: Vec<_> = all_at_once(claims).await.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 1, "{code}");
        assert_eq!(stage.find("main", &code).await.as_ref(), claimed.first());
    }
}
