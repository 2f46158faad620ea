//! Committing a person whom WeChat identified for a login, by whichever way in.

use std::{sync::Arc, time::Duration};

use super::{
    ConfirmBy, PhoneRule, Policy, Registration, ServiceError, Suspicions, gatekeeping::Gatekeeping,
    login_publisher::LoginPublisher, session_invalidation::SessionInvalidation,
};
use crate::{
    account::{AccountId, IdentityId},
    journal::JournalEntry,
    login::{Channel, ClientInfo, ConfirmNumber, LoginId, LoginState, PhoneQuestion, ScenePurpose},
    ports::{
        Asks, Clock, LoginStep, LoginSteps, Logins, Newcomers, Random, Refusal, Scan, ScanRecord, ScanTaken,
        StoreError,
    },
    time::Timestamp,
    wechat::{AppName, OpenId, Profile, RawUnionId},
};

/// A person who is identified this close to the deadline is too late: the transaction might end after the
/// deadline, when the waiting client may have read already that the login has expired. Of short lifetimes it is an eighth.
const COMMIT_MARGIN: Duration = Duration::from_secs(4);

/// How long a phone may take to answer whether it lets the client in.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// How often the commit is tried for a person whose code is used up: they cannot be identified by it again.
const TRIES: usize = 3;

/// How a login came before the person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CameBy {
    /// By its QR code, which another person may have passed on.
    Code,
    /// By a link to it, which another person may have sent.
    Link,
    /// By the code of a mini program, whose page asks the person.
    MiniProgramCode,
    /// The person began it on this very device.
    Itself,
}

/// A person whom WeChat identified.
#[derive(Clone)]
pub(super) struct IdentifiedPerson {
    /// The app that identified them.
    pub(super) app: AppName,
    /// The way in.
    pub(super) channel: Channel,
    /// How the login came before them.
    pub(super) came_by: CameBy,
    /// The person within the app.
    pub(super) openid: OpenId,
    /// The link to the person's other apps, where it is known.
    pub(super) unionid: Option<RawUnionId>,
    /// Name and picture, where they are known.
    pub(super) profile: Profile,
    /// The client that started the login, as far as that is known.
    pub(super) client_info: ClientInfo,
    /// What the login is counted by.
    pub(super) purpose: ScenePurpose,
    /// The entry of the journal about the call that told of them.
    pub(super) entry: Option<Arc<JournalEntry>>,
}

/// Commits identified persons.
#[derive(Clone)]
pub(super) struct Identification {
    pub(super) logins: Arc<dyn Logins>,
    pub(super) steps: Arc<dyn LoginSteps>,
    pub(super) suspicions: Suspicions,
    pub(super) publisher: LoginPublisher,
    pub(super) invalidation: Arc<SessionInvalidation>,
    pub(super) gatekeeping: Gatekeeping,
    pub(super) random: Arc<dyn Random>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) policy: Arc<Policy>,
}

impl Identification {
    /// Commits a person for a login that was issued for this lifetime, then notifies the waiting clients. A newcomer whom the
    /// gate refuses is an error; their login is over then.
    pub(super) async fn commit(
        &self,
        login: LoginId,
        person: IdentifiedPerson,
        lifetime: Duration,
    ) -> Result<ScanTaken, ServiceError> {
        let (counted_app, came_by, purpose) = (person.app.clone(), person.came_by, person.purpose);
        let client_info = person.client_info.clone();
        let channel = match came_by {
            CameBy::Code | CameBy::Link => Channel::OfficialAccount,
            CameBy::MiniProgramCode => Channel::MiniProgramCode,
            CameBy::Itself => person.channel,
        };
        let scan = Scan {
            login,
            union: self.policy.union_id(&person.app, person.unionid),
            app: person.app,
            channel: person.channel,
            openid: person.openid,
            profile: person.profile,
            client_info: person.client_info,
            at: self.in_time(login, lifetime),
            window: self.policy.bind_ttl,
            new_identity: IdentityId::generate(self.clock.now(), &*self.random),
            newcomers: self.newcomers(),
            asks: self.asks(&counted_app, came_by),
            terms: self.policy.terms.clone(),
            entry: person.entry.map(|entry| self.taken(entry)),
        };
        let (scan, refusal) = self.gated(scan).await?;
        let taken = self.logins.take_scan(scan).await?;
        let count = |step| self.steps.count(step, Some(channel.as_str()), &counted_app, &purpose);
        match &taken {
            ScanTaken::First(record) => {
                count(LoginStep::Scanned);
                if matches!(record.login.state, LoginState::Registered { .. }) {
                    count(LoginStep::Registered);
                }
            }
            ScanTaken::LinkRefused(_) | ScanTaken::RegistrationClosed(_) => count(LoginStep::Denied),
            ScanTaken::ByAnother if came_by != CameBy::Itself => {
                self.suspicions.scanned_by_another(login, client_info);
            }
            ScanTaken::Again(_) | ScanTaken::ByAnother | ScanTaken::Over(_) => {}
        }
        self.publish(&taken).await;
        if let (ScanTaken::RegistrationClosed(_), Some(refusal)) = (&taken, refusal) {
            return Err(ServiceError::Refused(Box::new(refusal)));
        }
        Ok(taken)
    }

    /// Makes known what was committed: the sessions that it changed are read again, and the waiting clients are notified.
    pub(super) async fn publish(&self, taken: &ScanTaken) {
        if let ScanTaken::First(ScanRecord { login, bound_now: true, .. }) = taken {
            self.invalidation.account_of_login_changed(login).await;
        }
        match taken {
            // Also for a repetition: the node that took the first one may have died before it published.
            ScanTaken::First(record) | ScanTaken::Again(record) => {
                self.publisher.publish(&record.login).await;
            }
            ScanTaken::LinkRefused(login) | ScanTaken::RegistrationClosed(login) => {
                self.publisher.publish(login).await
            }
            ScanTaken::ByAnother | ScanTaken::Over(_) => {}
        }
    }

    /// Returns what the phone is asked before a scan counts. A link is sent to a victim more easily than a code is shown, so
    /// its phone has to know what the client shows, whatever the app asks of scans. The page of a mini program has two buttons.
    fn asks(&self, app: &AppName, came_by: CameBy) -> Option<Asks> {
        let by = match came_by {
            CameBy::Code => *self.policy.confirm.get(app)?,
            CameBy::Link => ConfirmBy::Number,
            CameBy::MiniProgramCode => ConfirmBy::Click,
            CameBy::Itself => return None,
        };
        let question = match by {
            ConfirmBy::Click => PhoneQuestion::YesOrNo,
            ConfirmBy::Number => {
                PhoneQuestion::Number { number: ConfirmNumber::generate(&*self.random), wrong: 0 }
            }
        };
        Some(Asks { question, window: ANSWER_WITHIN })
    }

    /// Asks the gate before a person is admitted to a new account by the scan alone: one whom it refuses leaves none. Where the
    /// phone is asked first, so is the gate once it has said yes.
    async fn gated(&self, scan: Scan) -> Result<(Scan, Option<Refusal>), ServiceError> {
        let (Newcomers::Admit(_), None) = (scan.newcomers, scan.asks) else { return Ok((scan, None)) };
        let refusal = self.gatekeeping.refusal_of_newcomer(scan.login, scan.first_seen()).await?;
        let newcomers = if refusal.is_some() { Newcomers::Refuse } else { scan.newcomers };
        Ok((Scan { newcomers, ..scan }, refusal))
    }

    /// Returns what becomes of a person without an account.
    pub(super) fn newcomers(&self) -> Newcomers {
        match (self.policy.phone, self.policy.registration) {
            (PhoneRule::Required | PhoneRule::Optional, _) => Newcomers::AskForPhone,
            (PhoneRule::Off, Registration::Open) => {
                Newcomers::Admit(AccountId::generate(self.clock.now(), &*self.random))
            }
            (PhoneRule::Off, Registration::Closed) => Newcomers::Refuse,
        }
    }

    /// Commits a person whose code was exchanged. A store that is busy is asked again: committing the same person
    /// twice changes nothing.
    pub(super) async fn commit_exchanged(
        &self,
        login: LoginId,
        person: IdentifiedPerson,
        lifetime: Duration,
    ) -> Result<ScanTaken, ServiceError> {
        for _ in 1..TRIES {
            match self.commit(login, person.clone(), lifetime).await {
                Err(ServiceError::Store(StoreError::Unavailable(_))) => {}
                done => return done,
            }
        }
        self.commit(login, person, lifetime).await
    }

    fn taken(&self, mut entry: Arc<JournalEntry>) -> Arc<JournalEntry> {
        // It is copied only where this is another try.
        Arc::make_mut(&mut entry).note_taken(self.clock.now());
        entry
    }

    /// Returns how long a person may still be committed for a login that was issued for this lifetime.
    pub(super) fn time_left(&self, login: LoginId, lifetime: Duration) -> Duration {
        let margin = COMMIT_MARGIN.min(lifetime / 8);
        login.deadline().minus(margin).saturating_duration_since(self.clock.now())
    }

    /// Returns the current time, or the deadline where it is too close.
    fn in_time(&self, login: LoginId, lifetime: Duration) -> Timestamp {
        let now = self.clock.now();
        if self.time_left(login, lifetime).is_zero() { now.max(login.deadline()) } else { now }
    }
}
