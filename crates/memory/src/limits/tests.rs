use std::time::Duration;

use saoma_contract::values::at;
use saoma_domain::ports::{Limit, Limits, Rate, StoreError, Verdict};

use super::MemoryLimits;

fn per_minute(subject: u64) -> Limit {
    let rate = Rate::Window { max: 1, lasts: Duration::from_secs(60) };
    Limit { key: format!("subject:{subject}"), rate }
}

#[tokio::test]
async fn full_limits_refuse_new_subjects_and_keep_the_old_ones() {
    let limits = MemoryLimits::new(2);
    for subject in 0..2 {
        assert_eq!(limits.take(&[per_minute(subject)], at(0)).await, Ok(Verdict::Allowed));
    }
    assert!(matches!(limits.take(&[per_minute(2)], at(0)).await, Err(StoreError::Unavailable(_))));
    let both = [per_minute(0), per_minute(2)];
    assert!(
        matches!(limits.take(&both, at(0)).await, Ok(Verdict::Refused { .. })),
        "the old one still counts"
    );

    assert_eq!(
        limits.take(&[per_minute(2)], at(62)).await,
        Ok(Verdict::Allowed),
        "the uses of the others have expired"
    );
    limits.subjects.remove_expired(at(62), usize::MAX);
    assert_eq!(limits.subjects.len(), 1);
}

#[tokio::test]
async fn a_refused_use_takes_no_room() {
    let limits = MemoryLimits::new(10);
    assert_eq!(limits.take(&[per_minute(0)], at(0)).await, Ok(Verdict::Allowed));
    for subject in 1..100 {
        let verdict = limits.take(&[per_minute(subject), per_minute(0)], at(1)).await;
        assert_eq!(verdict, Ok(Verdict::Refused { retry_after: Duration::from_secs(59) }));
    }
    assert_eq!(limits.subjects.len(), 1);
}

#[tokio::test]
async fn two_limits_on_one_subject_take_room_once() {
    let limits = MemoryLimits::new(10);
    limits.take(&[per_minute(0), per_minute(0)], at(0)).await.unwrap();
    assert_eq!(limits.subjects.len(), 1);
}

#[tokio::test]
async fn expired_subjects_are_removed() {
    let limits = MemoryLimits::new(100_000);
    for subject in 0..20_000_u64 {
        let second = subject / 100;
        assert_eq!(limits.take(&[per_minute(subject)], at(second)).await, Ok(Verdict::Allowed));
    }
    let held = limits.subjects.len();
    assert!((6000..8000).contains(&held), "the subjects of one minute count, not {held}");
    limits.subjects.remove_expired(at(1000), usize::MAX);
    assert_eq!(limits.subjects.len(), 0);
}

#[tokio::test]
async fn a_busy_subject_stays_one_subject() {
    let limits = MemoryLimits::new(10);
    let busy =
        Limit { key: "busy".to_owned(), rate: Rate::Bucket { burst: 10, every: Duration::from_millis(100) } };
    for second in 0..1000 {
        assert_eq!(limits.take(std::slice::from_ref(&busy), at(second)).await, Ok(Verdict::Allowed));
        assert_eq!(limits.subjects.len(), 1);
    }
}
