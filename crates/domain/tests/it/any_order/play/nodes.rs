//! Two nodes on the same stores, and one without a session cache.

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
    services::{Registration, Services, SmsLogin},
    session::SessionTokenHash,
    time::Timestamp,
};
use saoma_memory::MemorySessionCache;
use saoma_testing::{ManualClock, NoSessionCache};

use crate::{
    any_order::{model::House, step::Event},
    world::{World, app, keys, policy, secs, unlimited},
};

pub(in crate::any_order) struct Nodes {
    pub(in crate::any_order) asked: Arc<Services>,
    pub(in crate::any_order) other: Arc<Services>,
    /// Asks the database about every session.
    pub(in crate::any_order) without_cache: Arc<Services>,
    session_cache: Arc<FailingSessionCache>,
    /// Whether WeChat tells about a person only after their scan was answered.
    pub(super) wechat_is_slow: bool,
    /// From when on no cached session is out of date.
    pub(in crate::any_order) informed_from: Timestamp,
}

impl Nodes {
    pub(super) fn new(world: &World, house: House) -> Self {
        let session_cache = Arc::new(FailingSessionCache {
            inner: world.session_cache.clone(),
            is_away: AtomicBool::new(false),
        });
        let [asked, other] = [(); 2].map(|()| node(world, house, session_cache.clone()));
        let without_cache = node(world, house, Arc::new(NoSessionCache));
        let informed_from = Timestamp::from_secs(0);
        Self { asked, other, without_cache, session_cache, wechat_is_slow: false, informed_from }
    }

    pub(super) async fn take(&mut self, event: Event, world: &World, house: House) {
        match event {
            Event::EmptyCaches => {
                world.login_cache.clear();
                world.session_cache.clear();
            }
            Event::Restart => {
                // A node that dies before it has invalidated a session leaves its entry behind until that expires.
                if !self.session_cache.is_away() {
                    self.asked = node(world, house, self.session_cache.clone());
                }
            }
            Event::Reconcile => drop(self.asked.waiting.reconcile().await.unwrap()),
            Event::Wechat { slow } => {
                self.wechat_is_slow = slow;
                world.paced.take(if slow { secs(2) } else { Duration::ZERO });
            }
            Event::OtherNode => std::mem::swap(&mut self.asked, &mut self.other),
            Event::SessionCache { away: true } => self.session_cache.is_away.store(true, Ordering::SeqCst),
            Event::SessionCache { away: false } => {
                if self.session_cache.is_away() {
                    self.come_back(world).await;
                }
            }
        }
    }

    /// Lets the session cache come back: both nodes retry their invalidations.
    async fn come_back(&mut self, world: &World) {
        self.session_cache.is_away.store(false, Ordering::SeqCst);
        for node in [&self.asked, &self.other] {
            node.sessions.retry_invalidations().await.unwrap();
        }
        self.informed_from = world.clock.now().plus(CachedSession::TTL);
    }
}

fn node(world: &World, house: House, session_cache: Arc<dyn SessionCache>) -> Arc<Services> {
    let (mut ports, mut policy) = (world.ports(), policy());
    ports.session_cache = session_cache;
    ports.notifier = Arc::new(Alone(world.clock.clone()));
    policy.limits = unlimited();
    policy.session.idle = policy.session.absolute;
    (policy.on_unsubscribe, policy.phone, policy.registration) =
        (house.on_unsubscribe, house.phone, house.registration);
    if let Some(by) = house.confirm {
        policy.confirm = [(app("main"), by), (app("shop"), by)].into();
    }
    policy.sms_login = match house.registration {
        Registration::Open => SmsLogin::On,
        Registration::Closed => SmsLogin::Off,
    };
    Arc::new(Services::new(ports, keys(&[1]), policy))
}

/// Notifications of which none comes: a wait only lets the time pass.
struct Alone(Arc<ManualClock>);

#[async_trait]
impl LoginNotifier for Alone {
    async fn subscribe(&self, _: LoginId) -> Result<Box<dyn Subscription>, StoreError> {
        Ok(Box::new(Self(self.0.clone())))
    }
}

#[async_trait]
impl Subscription for Alone {
    async fn notified(&mut self, at_most: Duration) -> bool {
        self.0.advance(at_most);
        true
    }
}

/// A session cache that can be out of reach.
struct FailingSessionCache {
    inner: Arc<MemorySessionCache>,
    is_away: AtomicBool,
}

impl FailingSessionCache {
    fn is_away(&self) -> bool {
        self.is_away.load(Ordering::SeqCst)
    }

    fn reach(&self) -> Result<&MemorySessionCache, StoreError> {
        if self.is_away() { Err(StoreError::Unavailable("out of reach".to_owned())) } else { Ok(&self.inner) }
    }
}

#[async_trait]
impl SessionCache for FailingSessionCache {
    async fn read(&self, hash: &SessionTokenHash) -> Result<Option<CachedSession>, StoreError> {
        self.reach()?.read(hash).await
    }

    async fn put(
        &self,
        hash: &SessionTokenHash,
        known: &ActiveSession,
        read_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.reach()?.put(hash, known, read_at, until).await
    }

    async fn invalidate(&self, hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        self.reach()?.invalidate(hashes, until).await
    }

    async fn mark_ended(&self, hashes: &[SessionTokenHash], until: Timestamp) -> Result<(), StoreError> {
        self.reach()?.mark_ended(hashes, until).await
    }
}
