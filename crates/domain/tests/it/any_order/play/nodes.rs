//! Two nodes on the same stores, and one that trusts no copies.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use saoma_domain::{
    login::LoginId,
    ports::{ActiveSession, CachedSession, Clock, LoginNotifier, SessionCache, StoreError, Subscription},
    services::{OnUnsubscribe, Services},
    session::SessionTokenHash,
    time::Timestamp,
};
use saoma_memory::NoSessionCache;
use saoma_testing::{ManualClock, MemorySessionCache};

use crate::{
    any_order::step::Event,
    world::{World, keys, policy, unlimited},
};

pub(in crate::any_order) struct Nodes {
    pub(in crate::any_order) asked: Arc<Services>,
    pub(in crate::any_order) other: Arc<Services>,
    /// Asks the database about every session.
    pub(in crate::any_order) without_copies: Arc<Services>,
    copies: Arc<Copies>,
    /// From when on the copies know of all changes.
    pub(in crate::any_order) informed_from: Timestamp,
}

impl Nodes {
    pub(super) fn new(world: &World, rule: OnUnsubscribe) -> Self {
        let copies = Arc::new(Copies { kept: world.copies.clone(), are_away: AtomicBool::new(false) });
        let [asked, other] = [(); 2].map(|()| node(world, rule, copies.clone()));
        let without_copies = node(world, rule, Arc::new(NoSessionCache));
        Self { asked, other, without_copies, copies, informed_from: Timestamp::from_secs(0) }
    }

    pub(super) async fn take(&mut self, event: Event, world: &World, rule: OnUnsubscribe) {
        match event {
            Event::EmptyBoard => {
                world.login_cache.clear();
                world.copies.clear();
            }
            Event::Restart => {
                // A node that dies before it told of an end leaves copies behind until their time is over.
                if !self.copies.are_away() {
                    self.asked = node(world, rule, self.copies.clone());
                }
            }
            Event::Sweep => drop(self.asked.waiting.reconcile().await.unwrap()),
            Event::OtherNode => std::mem::swap(&mut self.asked, &mut self.other),
            Event::Copies { away: true } => self.copies.are_away.store(true, Ordering::SeqCst),
            Event::Copies { away: false } => {
                if self.copies.are_away() {
                    self.come_back(world).await;
                }
            }
        }
    }

    /// Lets the copies come back: both nodes tell of the ends that they could not tell of.
    async fn come_back(&mut self, world: &World) {
        self.copies.are_away.store(false, Ordering::SeqCst);
        for node in [&self.asked, &self.other] {
            node.sessions.retry_invalidations().await.unwrap();
        }
        self.informed_from = world.clock.now().plus(CachedSession::TTL);
    }
}

fn node(world: &World, rule: OnUnsubscribe, copies: Arc<dyn SessionCache>) -> Arc<Services> {
    let (mut ports, mut policy) = (world.ports(), policy());
    ports.session_cache = copies;
    ports.notifier = Arc::new(Alone(world.clock.clone()));
    policy.limits = unlimited();
    policy.session.idle = policy.session.absolute;
    policy.on_unsubscribe = rule;
    Arc::new(Services::new(ports, keys(&[1]), policy))
}

/// Wake-ups where nothing happens while somebody waits, but that the time goes by.
struct Alone(Arc<ManualClock>);

#[async_trait]
impl LoginNotifier for Alone {
    async fn subscribe(&self, _: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        Ok(Box::new(Self(self.0.clone())))
    }
}

#[async_trait]
impl Subscription for Alone {
    async fn notified(&mut self, at_most: Duration) {
        self.0.advance(at_most);
    }
}

/// Copies of sessions that can be out of reach.
struct Copies {
    kept: Arc<MemorySessionCache>,
    are_away: AtomicBool,
}

impl Copies {
    fn are_away(&self) -> bool {
        self.are_away.load(Ordering::SeqCst)
    }

    fn reach(&self) -> Result<&MemorySessionCache, StoreError> {
        if self.are_away() { Err(StoreError::Unavailable("out of reach".to_owned())) } else { Ok(&self.kept) }
    }
}

#[async_trait]
impl SessionCache for Copies {
    async fn read(&self, hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        self.reach()?.read(hash).await
    }

    async fn put(
        &self,
        hash: &SessionTokenHash,
        known: &ActiveSession,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        self.reach()?.put(hash, known, until).await
    }

    async fn refresh(&self, hash: &SessionTokenHash, last_seen_at: Timestamp) -> Result<(), StoreError> {
        self.reach()?.refresh(hash, last_seen_at).await
    }

    async fn change(&self, hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        self.reach()?.change(hashes, until).await
    }

    async fn end(&self, hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        self.reach()?.end(hashes, until).await
    }
}
