//! Finding what was changed behind the back of the rules. What SQL alone can do is tried in `saoma-db`.

use saoma_domain::ports::{AuditDamage, AuditSeal};

use super::{AuditChainStage, Tampering};

pub(super) async fn an_untouched_trail_is_whole(stage: AuditChainStage) {
    assert_eq!(stage.verify().await, (0, Vec::new()));
    stage.sealed(1..=7).await;
    stage.write([8]).await;
    assert_eq!(stage.verify().await, (7, Vec::new()), "what is not sealed yet is no damage");
}

pub(super) async fn a_missing_beginning_is_found(stage: AuditChainStage) {
    stage.sealed(1..=5).await;
    stage.trail.tamper(Tampering::Remove(2)).await;
    assert_eq!(stage.verify().await.1, [AuditDamage::Missing(1, 2)]);
    stage.trail.tamper(Tampering::Remove(5)).await;
    assert_eq!(stage.verify().await, (0, vec![AuditDamage::Missing(1, 5)]));
}

pub(super) async fn a_record_behind_the_head_is_found(stage: AuditChainStage) {
    let chain = stage.sealed(1..=3).await;
    stage.write([4]).await;
    let AuditSeal { seq, hash } = chain.head;
    stage.trail.tamper(Tampering::Insert(seq + 1, hash)).await;
    assert_eq!(stage.verify().await.1, [AuditDamage::Foreign(4)]);
}

pub(super) async fn a_record_in_the_wrong_place_is_found(stage: AuditChainStage) {
    stage.sealed(1..=3).await;
    stage.trail.tamper(Tampering::Remove(2)).await;
    stage.write([4]).await;
    stage.trail.tamper(Tampering::Insert(2, [7; 32])).await;
    let (_, damages) = stage.verify().await;
    assert!(damages.contains(&AuditDamage::Missing(1, 1)), "{damages:?}");
    assert!(damages.contains(&AuditDamage::Changed(3)), "{damages:?}");
}
