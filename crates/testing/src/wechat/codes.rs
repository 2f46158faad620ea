//! Codes that lead to a person once.

use std::collections::HashMap;

use saoma_domain::{ports::WechatError, wechat::AppName};

/// WeChat's code for a code that it does not know, or that is another app's.
const INVALID_CODE: i64 = 40029;

/// WeChat's code for a code that was used.
const USED_CODE: i64 = 40163;

/// The codes that WeChat gave out, what each leads to, and which were sent back to it.
#[derive(Debug)]
pub(super) struct Codes<T> {
    leads_to: HashMap<(AppName, String), Option<T>>,
    sent: Vec<String>,
}

impl<T> Default for Codes<T> {
    fn default() -> Self {
        Self { leads_to: HashMap::new(), sent: Vec::new() }
    }
}

impl<T> Codes<T> {
    pub(super) fn give(&mut self, app: &AppName, code: &str, leads_to: T) {
        self.leads_to.insert((app.clone(), code.to_owned()), Some(leads_to));
    }

    /// Writes down that a code was sent.
    pub(super) fn note_sent(&mut self, code: &str) {
        self.sent.push(code.to_owned());
    }

    /// Uses a code up if `is_theirs` says that it may be used.
    pub(super) fn redeem(
        &mut self,
        app: &AppName,
        code: &str,
        is_theirs: impl FnOnce(&T) -> bool,
    ) -> Result<T, WechatError> {
        const UNKNOWN: WechatError = WechatError::NotFound { errcode: INVALID_CODE };
        let held = self.leads_to.get_mut(&(app.clone(), code.to_owned())).ok_or(UNKNOWN)?;
        if held.as_ref().is_some_and(|leads_to| !is_theirs(leads_to)) {
            return Err(UNKNOWN);
        }
        held.take().ok_or(WechatError::NotFound { errcode: USED_CODE })
    }

    pub(super) fn sent(&self) -> Vec<String> {
        self.sent.clone()
    }
}
