//! The codes that are ready, and how many are missing.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use super::{ReadyCode, ReadyCounts};
use crate::{
    login::ScenePurpose, ports::WechatError, services::ServiceError, time::Timestamp, wechat::AppName,
};

/// How many codes of one pool are made at the same time; one alone after WeChat has failed.
const MAKERS: usize = 8;

/// How many purposes of an app have codes made in advance, the default one included: a client can name any purpose.
const PURPOSES: usize = 5;

/// How long a purpose that no client asks for keeps its pool.
const IDLE: Duration = Duration::from_secs(3600);

/// How long nothing is made after a failure: as long as it says, within these bounds.
const SHORTEST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);

/// An app and a purpose: a code's scene names both.
pub(super) type PoolKey = (AppName, ScenePurpose);

/// Why a code is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A client took one.
    Taken,
    /// There is none yet, or one grew too old before a client took it.
    Spare,
}

/// How the making of a code ended.
pub(super) enum CodeMade {
    Ready(ReadyCode),
    /// It did not end.
    Lost,
    /// The day's codes, or those for replacement, are used up for this time.
    UsedUp(Duration),
    /// WeChat did not make it; asking again makes sense after this time.
    Failed(Duration),
}

impl From<Result<ReadyCode, ServiceError>> for CodeMade {
    fn from(made: Result<ReadyCode, ServiceError>) -> Self {
        match made {
            Ok(code) => Self::Ready(code),
            Err(ServiceError::RateLimited { retry_after }) => Self::UsedUp(retry_after),
            Err(ServiceError::Wechat(WechatError::Unavailable { retry_after, .. })) => {
                Self::Failed(retry_after)
            }
            Err(_) => Self::Failed(LONGEST_REST),
        }
    }
}

/// The codes of one app and purpose.
#[derive(Default)]
struct Pool {
    /// The oldest first.
    codes: VecDeque<ReadyCode>,
    /// How many are being made.
    making: usize,
    /// How many were taken and not yet replaced.
    owed: usize,
    asked_at: Timestamp,
    rest_until: Timestamp,
    no_spare_before: Timestamp,
    has_failed: bool,
}

/// All pools.
pub(super) struct Pools {
    pools: BTreeMap<PoolKey, Pool>,
    /// How many codes a pool of each app has.
    sizes: BTreeMap<AppName, usize>,
    counts: BTreeMap<AppName, Counts>,
    /// What a code has left at the least when a client takes it.
    useful: Duration,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    taken: u64,
    missed: u64,
}

impl Pools {
    pub(super) fn new(sizes: &BTreeMap<AppName, u32>, lifetime: Duration) -> Self {
        let sizes: BTreeMap<_, _> =
            sizes.iter().map(|(app, size)| (app.clone(), usize::try_from(*size).unwrap_or(0))).collect();
        Self {
            pools: sizes
                .keys()
                .map(|app| ((app.clone(), ScenePurpose::default()), Pool::default()))
                .collect(),
            counts: sizes.keys().map(|app| (app.clone(), Counts::default())).collect(),
            sizes,
            useful: lifetime * 2 / 3,
        }
    }

    /// Takes the oldest code that is still useful. A purpose that clients ask for has a pool from then on, if its app does
    /// not have too many already.
    pub(super) fn take(
        &mut self,
        app: &AppName,
        purpose: &ScenePurpose,
        now: Timestamp,
    ) -> Option<ReadyCode> {
        let key = (app.clone(), purpose.clone());
        if self.pools.keys().filter(|(other, _)| other == app).count() < PURPOSES {
            self.pools.entry(key.clone()).or_default();
        }
        let (size, useful) = (self.size_of(app), self.useful);
        let code = self.pools.get_mut(&key).and_then(|pool| pool.take(size, useful, now));
        let counts = self.counts.entry(app.clone()).or_default();
        match code {
            Some(_) => counts.taken += 1,
            None => counts.missed += 1,
        }
        code
    }

    /// Returns for which pools a code is to be made now, once for each code, and notes that it is being made.
    pub(super) fn claim_missing(&mut self, now: Timestamp) -> Vec<(PoolKey, Need)> {
        let default = ScenePurpose::default();
        self.pools.retain(|(_, purpose), pool| *purpose == default || now < pool.asked_at.plus(IDLE));
        let mut claimed = Vec::new();
        for (key, pool) in &mut self.pools {
            pool.drop_old(self.useful, now);
            let size = self.sizes.get(&key.0).copied().unwrap_or_default();
            while let Some(need) = pool.claim(size, now) {
                claimed.push((key.clone(), need));
            }
        }
        claimed
    }

    /// Returns why one more code is to be made for a pool, and notes that it is being made.
    pub(super) fn claim(&mut self, key: &PoolKey, now: Timestamp) -> Option<Need> {
        let size = self.size_of(&key.0);
        self.pools.get_mut(key)?.claim(size, now)
    }

    /// Notes how the making of a code ended.
    pub(super) fn settle(&mut self, key: &PoolKey, need: Need, made: CodeMade, now: Timestamp) {
        let size = self.size_of(&key.0);
        if let Some(pool) = self.pools.get_mut(key) {
            pool.settle(need, made, size, now);
        }
    }

    pub(super) fn counts(&self, now: Timestamp) -> Vec<ReadyCounts> {
        let ready = |app: &AppName| {
            let pools = self.pools.iter().filter(|((other, _), _)| other == app);
            let useful = |code: &&ReadyCode| code.is_useful(self.useful, now);
            pools.map(|(_, pool)| pool.codes.iter().filter(useful).count()).sum::<usize>()
        };
        let of = |(app, counts): (&AppName, &Counts)| ReadyCounts {
            app: app.clone(),
            ready: u64::try_from(ready(app)).unwrap_or(u64::MAX),
            taken: counts.taken,
            missed: counts.missed,
        };
        self.counts.iter().map(of).collect()
    }

    fn size_of(&self, app: &AppName) -> usize {
        self.sizes.get(app).copied().unwrap_or_default()
    }
}

impl Pool {
    fn take(&mut self, size: usize, useful: Duration, now: Timestamp) -> Option<ReadyCode> {
        self.asked_at = now;
        self.drop_old(useful, now);
        let code = self.codes.pop_front()?;
        self.owed = size.min(self.owed + 1);
        Some(code)
    }

    fn drop_old(&mut self, useful: Duration, now: Timestamp) {
        self.codes.retain(|code| code.is_useful(useful, now));
    }

    fn claim(&mut self, size: usize, now: Timestamp) -> Option<Need> {
        let makers = if self.has_failed { 1 } else { MAKERS };
        let is_full = self.codes.len() + self.making >= size;
        if is_full || self.making >= makers || now < self.rest_until {
            return None;
        }
        let need = if self.owed > 0 { Need::Taken } else { Need::Spare };
        match need {
            Need::Taken => self.owed -= 1,
            Need::Spare if now < self.no_spare_before => return None,
            Need::Spare => {}
        }
        self.making += 1;
        Some(need)
    }

    fn settle(&mut self, need: Need, made: CodeMade, size: usize, now: Timestamp) {
        self.making = self.making.saturating_sub(1);
        let rest = |time: Duration| now.plus(time.clamp(SHORTEST_REST, LONGEST_REST));
        match (made, need) {
            (CodeMade::Ready(code), _) => {
                self.has_failed = false;
                self.codes.push_back(code);
                return;
            }
            (CodeMade::Lost, _) => {}
            (CodeMade::UsedUp(time), Need::Spare) => self.no_spare_before = rest(time),
            (CodeMade::UsedUp(time), Need::Taken) => self.rest_until = rest(time),
            (CodeMade::Failed(time), _) => {
                self.has_failed = true;
                self.rest_until = rest(time);
            }
        }
        if need == Need::Taken {
            self.owed = size.min(self.owed + 1);
        }
    }
}

impl ReadyCode {
    fn is_useful(&self, useful: Duration, now: Timestamp) -> bool {
        self.auth.id().deadline().saturating_duration_since(now) >= useful
    }
}
