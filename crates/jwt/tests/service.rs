//! Keys that the nodes make and share: the service over the real signer, and a database in maps.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    keys::{KeyRing, ServerKey},
    ports::{Clock, SigningKeys},
    services::{KeyLives, SigningService},
    signing::{SigningAlgorithm, TokenKind},
    time::Timestamp,
};
use saoma_jwt::JwtSigner;
use saoma_testing::{ManualClock, MemoryDatabase, SeededRandom};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Nodes that share a database and a clock.
struct Nodes {
    database: Arc<MemoryDatabase>,
    clock: Arc<ManualClock>,
}

impl Nodes {
    fn new() -> Self {
        let clock = ManualClock::new(Timestamp::from_secs(1_800_000_000));
        Self { database: Arc::new(MemoryDatabase::new()), clock: Arc::new(clock) }
    }

    /// Starts a node with this server key first, and the others to verify with.
    fn node(&self, keys: &[u8]) -> SigningService {
        let random = Arc::new(SeededRandom::new(7));
        let (first, rest) = keys.split_first().unwrap();
        let key = |number: &u8| ServerKey::new([*number; 32]);
        SigningService::new(
            self.database.clone(),
            Arc::new(JwtSigner::new(Vec::new(), random.clone())),
            KeyRing::new(key(first), rest.iter().map(key).collect()),
            (random, self.clock.clone()),
            vec![SigningAlgorithm::Es256],
            KeyLives { signs_for: DAY * 90, tokens_shown_for: DAY * 30 },
        )
    }
}

async fn sign(node: &SigningService) -> String {
    node.sign(SigningAlgorithm::Es256, TokenKind::Identity, "{}").await.unwrap()
}

async fn verifies(node: &SigningService, token: &str) -> bool {
    node.verify(token).await.unwrap().is_some()
}

#[tokio::test]
async fn nodes_that_start_at_once_sign_with_one_key() {
    let nodes = Nodes::new();
    let (first, second) = (nodes.node(&[1]), nodes.node(&[1]));
    let (one, other) = tokio::join!(first.refresh(), second.refresh());
    one.and(other).unwrap();
    assert_eq!(first.public_keys().await.unwrap(), second.public_keys().await.unwrap());
    assert!(verifies(&second, &sign(&first).await).await);
    assert!(verifies(&first, &sign(&second).await).await);
}

#[tokio::test]
async fn the_next_key_is_published_before_it_signs_and_the_last_one_until_nothing_it_signed_is_valid() {
    let nodes = Nodes::new();
    let node = nodes.node(&[1]);
    let (first, published) = (sign(&node).await, node.public_keys().await.unwrap());
    nodes.clock.advance(DAY * 88);
    node.refresh().await.unwrap();
    let both = node.public_keys().await.unwrap();
    assert_ne!(both, published, "the next key is there");
    let still = sign(&node).await;
    assert_eq!(still.split('.').next(), first.split('.').next(), "and does not sign yet");
    nodes.clock.advance(DAY * 2);
    let next = sign(&node).await;
    assert_ne!(next.split('.').next(), first.split('.').next(), "its time has come");
    nodes.clock.advance(DAY * 30 - Duration::from_secs(1));
    assert!(verifies(&node, &still).await, "a client may still show it at a logout");
    nodes.clock.advance(Duration::from_secs(1));
    assert!(!verifies(&node, &still).await, "it is published no more");
    assert!(verifies(&node, &next).await);
}

#[tokio::test]
async fn a_retired_server_key_still_opens_them_and_a_lost_one_has_them_replaced_at_once() {
    let nodes = Nodes::new();
    let token = sign(&nodes.node(&[1])).await;
    assert!(verifies(&nodes.node(&[2, 1]), &token).await);
    let lost = nodes.node(&[2]);
    assert!(!verifies(&lost, &token).await);
    assert!(verifies(&nodes.node(&[2]), &sign(&lost).await).await, "by a key for all");
}

#[tokio::test]
async fn no_private_key_lies_in_the_database_in_clear() {
    let nodes = Nodes::new();
    let node = nodes.node(&[1]);
    node.refresh().await.unwrap();
    let rows = nodes.database.signing_keys().await.unwrap();
    let [row] = rows.as_slice() else { panic!("{}", rows.len()) };
    assert!(saoma_jwt::SigningKey::from_made(row.algorithm, &row.sealed).is_err());
    assert!(row.signs_from <= nodes.clock.now());
}

#[tokio::test]
async fn while_the_database_is_away_what_is_known_goes_on_to_sign() {
    let nodes = Nodes::new();
    let node = nodes.node(&[1]);
    nodes.database.set_available(false);
    assert!(node.sign(SigningAlgorithm::Es256, TokenKind::Identity, "{}").await.is_err());
    nodes.database.set_available(true);
    let token = sign(&node).await;
    nodes.database.set_available(false);
    assert!(node.refresh().await.is_err());
    assert!(verifies(&node, &token).await && !sign(&node).await.is_empty());
}
