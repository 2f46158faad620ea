//! What a waiting login weighs in the memory of a node. A process of its own, so that no other test allocates
//! meanwhile.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, sync::Arc};

use saoma_contract::values::{at, login, longest_context, new_identity_id};
use saoma_domain::{
    login::{Login, LoginState},
    ports::{Clock, LoginCache},
    time::Timestamp,
};
use saoma_memory::{LoginCacheCapacity, MemoryLoginCache};

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

#[tokio::test]
async fn a_waiting_login_weighs_600_bytes_at_most_whatever_its_client_sent() {
    // As many as made every hash table of the cache grow a moment ago, so that most of its buckets are empty.
    const LOGINS: u64 = 62_500;
    let login_cache = MemoryLoginCache::new(Arc::new(StoppedClock), LoginCacheCapacity::default());
    let context = longest_context("🦀");
    let before = used_bytes();
    for number in 0..LOGINS {
        login_cache.open(login(number), Some(context.clone()), at(120)).await.unwrap();
    }
    let waits_for_a_scan = (used_bytes() - before) / LOGINS;
    for number in 0..LOGINS {
        let state = LoginState::Unregistered { identity: new_identity_id(at(0)), deadline: at(120) };
        let scanned = Login { id: login(number), version: 2, state };
        login_cache.publish(&scanned, at(120)).await.unwrap();
    }
    let waits_for_a_phone = (used_bytes() - before) / LOGINS;
    println!("bytes of a login in a node: {waits_for_a_scan} before its scan, {waits_for_a_phone} after it");
    assert!(waits_for_a_scan <= 600 && waits_for_a_phone <= 600);
    assert_eq!(login_cache.context(login(1)).await, Ok(Some(context)));
}
