//! The embedder's own words after a scan.

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    chat::{ScanOutcome, ScanSaid},
    login::ClientInfo,
    ports::{Accounts, ChatTexts},
    services::ScanReply,
    wechat::{AppName, OpenId},
};

/// WeChat waits for the answer.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// Asks the embedder's code for its words.
pub(crate) struct OwnTexts {
    pub(crate) texts: Arc<dyn ChatTexts>,
    pub(crate) accounts: Arc<dyn Accounts>,
}

impl OwnTexts {
    /// Returns the embedder's words, if there are any in time.
    pub(crate) async fn after_scan(
        &self,
        app: &AppName,
        openid: OpenId,
        scene: String,
        reply: &ScanReply,
    ) -> Option<String> {
        if !self.texts.is_used() {
            return None;
        }
        let (outcome, client) = outcome(reply)?;
        let asking = async {
            // What the chat says does not depend on a database that is away.
            let identity = self.accounts.identity_of(app, &openid).await.ok().flatten();
            let account = identity.and_then(|identity| identity.account);
            let scan = ScanSaid::new(app.clone(), openid, account, scene, outcome);
            self.texts.after_scan(scan.with_client(client.cloned())).await
        };
        tokio::time::timeout(TIME_LIMIT, asking).await.unwrap_or_else(|_| {
            tracing::warn!(
                "`ChatTexts` took longer than a second: the chat says what the configuration says"
            );
            None
        })
    }
}

/// Returns what a scan led to, and for which client; `None` where the embedder
/// is not asked: a code of another service, and a person who may not come in.
fn outcome(reply: &ScanReply) -> Option<(ScanOutcome, Option<&ClientInfo>)> {
    Some(match reply {
        ScanReply::LoggedIn { client_info, .. } => (ScanOutcome::LoggedIn, Some(client_info)),
        ScanReply::Linked { client_info, .. } => (ScanOutcome::Linked, Some(client_info)),
        ScanReply::GoOn { client_info, .. } => (ScanOutcome::GoOn, Some(client_info)),
        ScanReply::ByAnother => (ScanOutcome::Taken, None),
        ScanReply::Over(_) => (ScanOutcome::Expired, None),
        ScanReply::LinkRefused => (ScanOutcome::LinkRefused, None),
        ScanReply::RegistrationClosed => (ScanOutcome::RegistrationClosed, None),
        // The gate has its own words, and a disabled person hears the configuration's.
        // What a phone is asked is the configuration's to say.
        ScanReply::Asked { .. }
        | ScanReply::Refused
        | ScanReply::Elsewhere
        | ScanReply::Disabled
        | ScanReply::NotAdmitted { .. }
        | ScanReply::Foreign => return None,
    })
}
