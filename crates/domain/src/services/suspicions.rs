//! Noticing that codes are relayed: what is suspected goes into the trail, to webhooks and into a metric, once for each login
//! or address and day, so that an attacker cannot fill them.

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{ClientSubject, ServiceError};
use crate::{
    account::IdentityId,
    login::{ClientInfo, LoginId},
    ports::{
        AuditKind, AuditNote, AuditTrail, Background, Clock, Limit, Limits, LoginSteps, Rate, StoreError,
        Verdict,
    },
    suspicion::Suspicion,
};

/// For so long a refusal is remembered, and what was noted is not noted again.
const REMEMBERED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Notices that codes are relayed. It works in the background: no call waits for it, and none fails because of it.
#[derive(Clone)]
pub struct Suspicions {
    pub(super) limits: Arc<dyn Limits>,
    pub(super) audit: Arc<dyn AuditTrail>,
    pub(super) steps: Arc<dyn LoginSteps>,
    pub(super) background: Arc<dyn Background>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Suspicions {
    /// A person scanned the code of a login that another one had scanned.
    pub fn scanned_by_another(&self, login: LoginId, client: ClientInfo) {
        let noting = self.clone();
        self.in_background(async move {
            let noted = format!("suspicion:scanned:{login}");
            noting.note_once(&noted, Suspicion::ScannedBySeveral, Some(login), client).await
        });
    }

    /// A person refused a login: on the phone, by wrong numbers, or by saying that they did not mean it.
    pub fn refused(&self, login: LoginId, person: IdentityId, client: ClientInfo) {
        let Some(address) = address_of(&client) else { return };
        let noting = self.clone();
        self.in_background(async move {
            if !noting.is_first(&format!("suspicion:refused:{address}:{person}")).await?
                || noting.is_first(&format!("suspicion:refused:{address}")).await?
            {
                return Ok(());
            }
            let noted = format!("suspicion:several:{address}");
            noting.note_once(&noted, Suspicion::RefusedBySeveral, Some(login), client).await
        });
    }

    /// A client whose address gets no new codes asked for one.
    pub fn tried_again(&self, client: ClientInfo) {
        let Some(address) = address_of(&client) else { return };
        let noting = self.clone();
        self.in_background(async move {
            let noted = format!("suspicion:again:{address}");
            noting.note_once(&noted, Suspicion::TriedAgain, None, client).await
        });
    }

    fn in_background(&self, work: impl Future<Output = Result<(), StoreError>> + Send + 'static) {
        let work = async move { Ok(work.await.map_err(ServiceError::from)?) };
        self.background.spawn("noticing a relayed code", Box::pin(work));
    }

    async fn note_once(
        &self,
        noted: &str,
        suspicion: Suspicion,
        login: Option<LoginId>,
        client: ClientInfo,
    ) -> Result<(), StoreError> {
        if !self.is_first(noted).await? {
            return Ok(());
        }
        self.steps.suspect(suspicion);
        let outcome = Some(suspicion.as_str().to_owned());
        let note = AuditNote::new(AuditKind::LoginSuspected, self.clock.now());
        self.audit.write_note(AuditNote { login, client, outcome, ..note }).await
    }

    /// Returns whether this did not happen within the last day.
    async fn is_first(&self, what: &str) -> Result<bool, StoreError> {
        let rate = Rate::Window { max: 1, lasts: REMEMBERED_FOR };
        let taken = self.limits.take(&[Limit { key: what.to_owned(), rate }], self.clock.now()).await?;
        Ok(taken == Verdict::Allowed)
    }
}

fn address_of(client: &ClientInfo) -> Option<String> {
    Some(ClientSubject::new(client.ip.parse::<IpAddr>().ok()?).address())
}
