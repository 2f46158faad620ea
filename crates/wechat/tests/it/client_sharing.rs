//! Access tokens that nodes share: one of them asks WeChat, and any of them may.

use std::sync::Arc;
use std::time::Duration;

use saoma_domain::keys::{KeyRing, ServerKey};
use saoma_domain::ports::{AccessTokens, Clock, MockAccessTokens, OfficialAccount, StoreError};
use saoma_testing::{MemoryAccessTokens, SeededRandom};
use saoma_wechat::client::{SharedTokens, WechatClient};
use wiremock::ResponseTemplate;

use crate::fake_wechat::{
    FakeWechat, QR_PATH, TOKEN_PATH, app, client_sharing, errcode, other_app, qr, refused_with, token,
};
use crate::support::APP_ID;

/// A WeChat, and a store in which its nodes share access tokens.
struct SharingNodes {
    wechat: FakeWechat,
    store: Arc<dyn AccessTokens>,
}

impl SharingNodes {
    /// Starts a WeChat that answers requests for tokens like this, and makes codes.
    async fn start(tokens: Vec<ResponseTemplate>) -> Self {
        let wechat = FakeWechat::start().await;
        wechat.answer(TOKEN_PATH, tokens).await;
        wechat.answer(QR_PATH, vec![qr()]).await;
        let store = Arc::new(MemoryAccessTokens::new(wechat.clock.clone()));
        Self { wechat, store }
    }

    /// Returns a node with the keys of these numbers, the first of which seals.
    fn node_with(&self, store: Arc<dyn AccessTokens>, keys: &[u8]) -> WechatClient {
        let mut keys = keys.iter().map(|number| ServerKey::new([*number; 32]));
        let keys = KeyRing::new(keys.next().unwrap(), keys.collect());
        let random = Arc::new(SeededRandom::new(1));
        let shared = SharedTokens::new(store, keys, random, self.wechat.clock.clone());
        // A quarter of it is how long a node waits for another one.
        let timeout = Duration::from_secs(2);
        client_sharing(&self.wechat.server.uri(), timeout, &self.wechat.clock, Some(&shared))
    }

    fn node(&self) -> WechatClient {
        self.node_with(self.store.clone(), &[1])
    }

    async fn asked(&self) -> usize {
        self.wechat.count(TOKEN_PATH).await
    }
}

async fn works(node: &WechatClient) {
    node.create_qr(&app(), "login:web:8f3a1c", Duration::from_secs(120)).await.unwrap();
}

fn away() -> StoreError {
    StoreError::Unavailable("away".to_owned())
}

#[tokio::test]
async fn two_nodes_ask_wechat_once() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200), token("token-2", 7200)]).await;
    for _ in 0..3 {
        works(&sharing.node()).await;
    }
    assert_eq!(sharing.asked().await, 1);
    assert_eq!(sharing.wechat.tokens_used(QR_PATH).await, ["token-1"; 3]);
}

#[tokio::test]
async fn nodes_that_start_together_ask_wechat_once() {
    let slow = token("token-1", 7200).set_delay(Duration::from_millis(150));
    let sharing = SharingNodes::start(vec![slow, token("token-2", 7200)]).await;
    let nodes: Vec<_> = (0..8).map(|_| sharing.node()).collect();
    let mut calls = tokio::task::JoinSet::new();
    for node in nodes {
        calls.spawn(async move { works(&node).await });
    }
    calls.join_all().await;
    assert_eq!(sharing.asked().await, 1);
}

#[tokio::test]
async fn a_node_that_waits_in_vain_for_another_one_asks_wechat() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200)]).await;
    let until = sharing.wechat.clock.now().plus(Duration::from_secs(3));
    assert_eq!(sharing.store.try_acquire(APP_ID, until).await, Ok(true), "it is killed then");
    let node = sharing.node();
    works(&node).await;
    assert_eq!(sharing.asked().await, 1);
    works(&sharing.node()).await;
    assert_eq!(sharing.asked().await, 1, "and what it got is shared");
}

#[tokio::test]
async fn a_dead_token_is_forgotten_for_both() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200), token("token-2", 7200)]).await;
    let (first, second) = (sharing.node(), sharing.node());
    works(&first).await;
    works(&second).await;
    sharing.wechat.server.reset().await;
    sharing.wechat.answer(TOKEN_PATH, vec![token("token-2", 7200)]).await;
    sharing.wechat.answer(QR_PATH, vec![errcode(40001), qr(), errcode(40001), qr()]).await;
    works(&first).await;
    works(&second).await;
    assert_eq!(sharing.asked().await, 1, "the second node has it from the first");
    let used = sharing.wechat.tokens_used(QR_PATH).await;
    assert_eq!(used, ["token-1", "token-2", "token-1", "token-2"]);
    works(&sharing.node()).await;
    assert_eq!(sharing.wechat.tokens_used(QR_PATH).await.last().unwrap(), "token-2");
}

#[tokio::test]
async fn a_token_that_was_refused_here_is_not_taken_from_others() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200)]).await;
    let (first, second) = (sharing.node(), sharing.node());
    works(&first).await;
    sharing.wechat.server.reset().await;
    // WeChat hands out the same token again to the first, and refuses it from the second.
    sharing.wechat.answer(TOKEN_PATH, vec![token("token-1", 7200), token("token-2", 7200)]).await;
    sharing.wechat.answer(QR_PATH, vec![errcode(40001), qr(), errcode(40001), qr()]).await;
    works(&first).await;
    works(&second).await;
    assert_eq!(sharing.asked().await, 2);
    let used = sharing.wechat.tokens_used(QR_PATH).await;
    assert_eq!(used, ["token-1", "token-1", "token-1", "token-2"]);
}

#[tokio::test]
async fn one_node_refreshes_early_and_the_others_follow() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200), token("token-2", 7200)]).await;
    let nodes = [sharing.node(), sharing.node(), sharing.node()];
    for node in &nodes {
        works(node).await;
    }
    sharing.wechat.clock.advance(7000);
    let everybody_follows = async {
        loop {
            let before = sharing.wechat.tokens_used(QR_PATH).await.len();
            for node in &nodes {
                works(node).await;
            }
            let used = sharing.wechat.tokens_used(QR_PATH).await;
            if used[before..].iter().all(|token| token == "token-2") {
                return;
            }
            // A node that left it to another one looks again after a pause.
            tokio::time::sleep(Duration::from_millis(10)).await;
            sharing.wechat.clock.advance(1);
        }
    };
    tokio::time::timeout(Duration::from_secs(10), everybody_follows).await.unwrap();
    assert_eq!(sharing.asked().await, 2);
}

#[tokio::test]
async fn nothing_in_the_store_can_be_read_or_used_by_strangers() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200), token("token-2", 7200)]).await;
    works(&sharing.node()).await;
    let sealed = sharing.store.read(APP_ID).await.unwrap().unwrap();
    assert!(!sealed.windows(5).any(|part| b"token".windows(5).any(|word| word == part)));
    works(&sharing.node_with(sharing.store.clone(), &[2])).await;
    assert_eq!(sharing.wechat.tokens_used(QR_PATH).await, ["token-1", "token-2"]);
    assert_eq!(sharing.asked().await, 2, "a stranger asks WeChat, and is not waited for");
}

#[tokio::test]
async fn a_sealed_token_is_good_for_its_own_app_only() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200), token("token-2", 7200)]).await;
    works(&sharing.node()).await;
    let sealed = sharing.store.read(APP_ID).await.unwrap().unwrap();
    let until = sharing.wechat.clock.now().plus(Duration::from_secs(60));
    sharing.store.put("wx0000", &sealed, until).await.unwrap();
    let made = sharing.node().create_qr(&other_app(), "login:web:8f3a1c", Duration::from_secs(120)).await;
    made.unwrap();
    assert_eq!(sharing.wechat.tokens_used(QR_PATH).await, ["token-1", "token-2"]);
}

#[tokio::test]
async fn nodes_whose_keys_are_being_rotated_share_as_well() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200)]).await;
    works(&sharing.node_with(sharing.store.clone(), &[1, 2])).await;
    works(&sharing.node_with(sharing.store.clone(), &[2, 1])).await;
    assert_eq!(sharing.asked().await, 1);
}

#[tokio::test]
async fn a_store_that_is_away_changes_nothing() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200), token("token-2", 7200)]).await;
    let mut store = MockAccessTokens::new();
    // Before each of the two fetches, and to tell of the dead one.
    store.expect_read().times(3).returning(|_| Err(away()));
    let node = sharing.node_with(Arc::new(store), &[1]);
    works(&node).await;
    works(&node).await;
    assert_eq!(sharing.asked().await, 1, "it has what it got");
    sharing.wechat.server.reset().await;
    sharing.wechat.answer(TOKEN_PATH, vec![token("token-2", 7200)]).await;
    sharing.wechat.answer(QR_PATH, vec![errcode(40001), qr()]).await;
    works(&node).await;
    assert_eq!(sharing.wechat.tokens_used(QR_PATH).await, ["token-1", "token-2"]);
}

#[tokio::test]
async fn a_store_that_fails_half_way_changes_nothing() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200)]).await;
    for fails_at in 0..2 {
        let mut store = MockAccessTokens::new();
        store.expect_read().times(1).returning(|_| Ok(None));
        let acquired = move |_: &_, _| if fails_at == 0 { Err(away()) } else { Ok(true) };
        store.expect_try_acquire().times(1).returning(acquired);
        store.expect_put().times(fails_at).returning(|_, _, _| Err(away()));
        works(&sharing.node_with(Arc::new(store), &[1])).await;
    }
    assert_eq!(sharing.asked().await, 2);
}

#[tokio::test]
async fn a_probe_asks_wechat_although_a_token_is_shared() {
    let sharing = SharingNodes::start(vec![token("token-1", 7200), errcode(40125)]).await;
    works(&sharing.node()).await;
    let (code, _) = refused_with(sharing.node().probe(&app()).await);
    assert_eq!(code, 40125);
}
