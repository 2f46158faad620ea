//! QR codes that are made in advance: whole logins without a client, each with its own deadline.
//!
//! A login that begins with such a code does not wait for WeChat, and begins while WeChat is away. A login's id commits to
//! its poll token, so both are made here and are nowhere else until a client takes them; what is known of the client is
//! stored then. A code counts against the day's codes of its app when it is made. Codes that replace those which no client
//! took are a quarter of the day's codes at the most.

mod pools;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Policy, ServiceError, login_issuer::LoginIssuer};
use crate::{
    login::{AuthenticatedLogin, LoginScene, ScenePurpose},
    ports::{Background, Clock, OfficialAccount},
    wechat::{AppName, QrTicket},
};
use pools::{CodeMade, Need, PoolKey, Pools};

/// WeChat honours a code a little longer than we do, so that a person who scans too late learns that.
pub(super) const LATE_SCANS: Duration = Duration::from_secs(60);

/// A login with its QR code that no client has yet.
#[derive(Debug)]
pub(super) struct ReadyCode {
    pub(super) auth: AuthenticatedLogin,
    pub(super) qr: QrTicket,
}

/// How many codes of an app there are, and how many requests for one had to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyCounts {
    /// The app.
    pub app: AppName,
    /// How many can be taken now.
    pub ready: u64,
    /// How many were taken since the start.
    pub taken: u64,
    /// How many logins since the start had to wait for WeChat.
    pub missed: u64,
}

/// Makes QR codes in advance, and gives them out.
pub struct ReadyCodes {
    issuer: LoginIssuer,
    official_account: Arc<dyn OfficialAccount>,
    background: Arc<dyn Background>,
    clock: Arc<dyn Clock>,
    policy: Arc<Policy>,
    pools: Mutex<Pools>,
}

impl ReadyCodes {
    pub(super) fn new(
        issuer: LoginIssuer,
        official_account: Arc<dyn OfficialAccount>,
        background: Arc<dyn Background>,
        clock: Arc<dyn Clock>,
        policy: Arc<Policy>,
    ) -> Self {
        let pools = Mutex::new(Pools::new(&policy.codes_ready, policy.qr_ttl));
        Self { issuer, official_account, background, clock, policy, pools }
    }

    /// Returns whether codes of an app are made in advance.
    pub(super) fn serves(&self, app: &AppName) -> bool {
        self.policy.codes_ready.contains_key(app)
    }

    /// Takes a code that can be scanned for two thirds of its time at least, and has another one made.
    pub(super) fn take(self: &Arc<Self>, app: &AppName, purpose: &ScenePurpose) -> Option<ReadyCode> {
        let code = self.lock().take(app, purpose, self.clock.now());
        self.refill();
        code
    }

    /// Has the codes made that are missing, in the background, and drops those that are too old to be given out. To be
    /// called every second.
    pub fn refill(self: &Arc<Self>) {
        let claimed = self.lock().claim_missing(self.clock.now());
        for (key, need) in claimed {
            let claim = Claim { codes: Arc::clone(self), key, need, made: CodeMade::Lost };
            let work = async move {
                make_until_full(claim).await;
                Ok(())
            };
            self.background.spawn("making QR codes in advance", Box::pin(work));
        }
    }

    /// Returns what is counted of each app for which codes are made in advance.
    pub fn counts(&self) -> Vec<ReadyCounts> {
        self.lock().counts(self.clock.now())
    }

    async fn make(&self, (app, purpose): &PoolKey, need: Need) -> Result<ReadyCode, ServiceError> {
        let auth = self.issuer.issue_in_advance(app, need == Need::Spare, self.policy.qr_ttl).await?;
        self.make_for(auth, app, purpose).await
    }

    /// Has WeChat make the code of a login.
    pub(super) async fn make_for(
        &self,
        auth: AuthenticatedLogin,
        app: &AppName,
        purpose: &ScenePurpose,
    ) -> Result<ReadyCode, ServiceError> {
        let scene = LoginScene { purpose: purpose.clone(), id: auth.id() }.to_string();
        let qr = self.official_account.create_qr(app, &scene, self.policy.qr_ttl + LATE_SCANS).await?;
        Ok(ReadyCode { auth, qr })
    }

    fn lock(&self) -> MutexGuard<'_, Pools> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One code that is being made. Whatever becomes of the work, the claim ends.
struct Claim {
    codes: Arc<ReadyCodes>,
    key: PoolKey,
    need: Need,
    made: CodeMade,
}

impl Drop for Claim {
    fn drop(&mut self) {
        let made = std::mem::replace(&mut self.made, CodeMade::Lost);
        self.codes.lock().settle(&self.key, self.need, made, self.codes.clock.now());
    }
}

/// Makes a code, and more for as long as codes are missing and nothing fails.
async fn make_until_full(first: Claim) {
    let (codes, key) = (Arc::clone(&first.codes), first.key.clone());
    let mut next = Some(first);
    while let Some(mut claim) = next {
        claim.made = CodeMade::from(codes.make(&key, claim.need).await);
        drop(claim);
        let claimed = codes.lock().claim(&key, codes.clock.now());
        next = claimed.map(|need| Claim {
            codes: Arc::clone(&codes),
            key: key.clone(),
            need,
            made: CodeMade::Lost,
        });
    }
}
