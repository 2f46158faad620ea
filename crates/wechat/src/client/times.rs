//! How long WeChat takes, by API and errcode.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use saoma_domain::ports::{CallTimes, Measure, MeasuredSystem};

use super::failure::CallFailure;

/// So many series at most: WeChat has some dozen codes for a call.
const MOST: usize = 300;

type Key = (&'static str, String);

/// How long calls took, by API and outcome.
#[derive(Default)]
pub(super) struct WechatTimes(RwLock<BTreeMap<Key, Arc<CallTimes>>>);

impl WechatTimes {
    /// Lets the series of these APIs begin at 0.
    pub(super) fn of(paths: &[&'static str]) -> Self {
        let series = paths.iter().map(|path| ((*path, "0".to_owned()), Arc::default()));
        Self(RwLock::new(series.collect()))
    }

    /// Counts a call.
    pub(super) fn count<A>(&self, path: &'static str, result: &Result<A, CallFailure>, took: Duration) {
        let errcode = match result {
            Ok(_) => "0".to_owned(),
            Err(CallFailure::Refused(refusal)) => refusal.errcode.to_string(),
            Err(CallFailure::Unreachable(_)) => "unreachable".to_owned(),
            Err(CallFailure::Unusable(_)) => "unusable".to_owned(),
        };
        self.series((path, errcode)).observe(took);
    }

    fn series(&self, key: Key) -> Arc<CallTimes> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return known;
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let key = if all.len() < MOST { key } else { (key.0, "other".to_owned()) };
        Arc::clone(all.entry(key).or_default())
    }

    /// Returns what was counted.
    pub(super) fn measures(&self) -> Vec<Measure> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let measure = |((path, errcode), times): (&Key, &Arc<CallTimes>)| Measure {
            system: MeasuredSystem::Wechat,
            labels: vec![("api", (*path).to_owned()), ("errcode", errcode.clone())],
            times: times.counted(),
        };
        all.iter().map(measure).collect()
    }
}
