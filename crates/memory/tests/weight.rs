//! What clients can make a node hold. A process of its own, so that no other test allocates meanwhile.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, sync::Arc, time::Duration};

use saoma_contract::values::{at, login, longest_context, new_identity_id, proof};
use saoma_domain::{
    login::{Login, LoginState},
    ports::{Clock, Limit, Limits, LoginCache, Rate, SessionKeys, SmsCodes},
    sms::SmsCodeDigest,
    time::Timestamp,
};
use saoma_memory::{LoginCacheCapacity, MemoryLimits, MemoryLoginCache, MemorySessionKeys, MemorySmsCodes};

/// As many as made every hash table grow a moment ago, so that most of its buckets are empty.
const ENTRIES: u64 = 62_500;

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        at(0)
    }
}

/// Returns how many bytes of memory this process uses.
fn used_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() * 1024
}

/// Returns how many bytes one of the entries weighs that a flood of twice as many leaves behind.
async fn weight_of_one(mut flood: impl AsyncFnMut(u64)) -> u64 {
    let before = used_bytes();
    for number in 0..2 * ENTRIES {
        flood(number).await;
    }
    (used_bytes() - before) / ENTRIES
}

/// One test after the other: they measure the same process.
#[tokio::test]
async fn no_flood_makes_a_node_hold_more_bytes_than_it_says() {
    let capacity = usize::try_from(ENTRIES).unwrap();
    let bytes = capacity * LoginCacheCapacity::LOGIN_BYTES;
    let clock = || Arc::new(StoppedClock);
    let logins = MemoryLoginCache::new(clock(), LoginCacheCapacity { bytes, waiters: 1 });
    let context = longest_context("🦀");
    let waits_for_a_scan = weight_of_one(async |number| {
        let opened = logins.open(login(number), Some(context.clone()), at(120)).await;
        assert_eq!(opened.is_ok(), number < ENTRIES, "login {number}");
    })
    .await;
    let then = weight_of_one(async |number| {
        let state = LoginState::Unregistered { identity: Some(new_identity_id(at(0))), deadline: at(120) };
        let _ = logins.publish(&Login { id: login(number), version: 2, state }, at(120)).await;
    })
    .await;
    assert_eq!(logins.context(login(1)).await, Ok(Some(context)));

    let limits = MemoryLimits::new(capacity);
    let subject = weight_of_one(async |number| {
        // The longest of those that there are: an HMAC in base64, or an address.
        let key = format!("sms:ip-hour:{number:043}");
        let rate = Rate::Window { max: 1, lasts: Duration::from_secs(60) };
        let _ = limits.take(&[Limit { key, rate }], at(0)).await;
    })
    .await;
    let codes = MemorySmsCodes::new(clock(), capacity);
    let code = weight_of_one(async |number| {
        let digest = SmsCodeDigest { number: [1; 16], code: proof(number).0 };
        let _ = codes.put(login(number), digest, 5, at(180)).await;
    })
    .await;
    let keys = MemorySessionKeys::new(clock(), capacity);
    let key = weight_of_one(async |number| drop(keys.put(login(number), vec![1; 52], at(180)).await)).await;
    println!(
        "bytes in a node: login {waits_for_a_scan} before its scan, {} after it; limit {subject}, SMS code {code}, \
         session key {key}",
        waits_for_a_scan + then
    );
    assert!(waits_for_a_scan + then <= 600);
    assert!(subject <= 300 && code <= 300 && key <= 300);
}
