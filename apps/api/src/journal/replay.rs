//! Taking an event of the journal again, as if it came now.

use std::sync::Arc;

use saoma_domain::{
    journal::{JournalEntry, JournalId},
    login::LoginScene,
    ports::Clock,
    services::{FollowService, RevocationService, ScanReply, ScanService, ScannedEvent, ServiceError},
};

use super::{JournalWriter, Outcome, words::Words};

/// The events by which WeChat says that a person revoked an authorization.
const REVOKED: [&str; 2] = ["user_authorization_revoke", "user_authorization_cancellation"];
const PROFILE_CHANGED: &str = "user_info_modified";

/// Takes events of the journal again.
pub(crate) struct Replays {
    pub(crate) journal: Arc<JournalWriter>,
    pub(crate) scans: Arc<ScanService>,
    pub(crate) follows: Arc<FollowService>,
    pub(crate) revocations: Arc<RevocationService>,
    pub(crate) words: Words,
    pub(crate) clock: Arc<dyn Clock>,
}

/// What a replay led to, or would lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Replayed {
    /// In one word of the journal, or [`Replayed::NOT_REPLAYABLE`].
    pub outcome: &'static str,
    /// Why an event cannot be taken again, or what a message would be answered.
    pub detail: Option<String>,
    /// The entry of the replay; absent where nothing was done.
    pub entry: Option<JournalId>,
}

impl Replayed {
    /// The outcome of what cannot be taken again.
    pub const NOT_REPLAYABLE: &str = "not_replayable";
}

impl Replays {
    /// Takes an event again, and writes that into the journal. With `dry_run` it only says what the event would lead to.
    ///
    /// # Errors
    /// [`ServiceError`] of what the event means.
    pub(crate) async fn replay(&self, told: &JournalEntry, dry_run: bool) -> Result<Replayed, ServiceError> {
        let outcome = match self.kind(told) {
            Kind::Scan(event) => {
                let reply: ScanReply = match dry_run {
                    true => self.scans.foresee(event).await?,
                    false => self.scans.take_scan(event).await?,
                };
                Outcome::of_scan(&reply).0
            }
            Kind::FollowChange { follows } => self.follow(told, follows, dry_run).await?,
            Kind::Revocation { profile_only } => self.revoke(told, profile_only, dry_run).await?,
            Kind::Words => {
                // WeChat takes an answer only to a call of its own, so nothing is done of what is said here.
                let (outcome, detail) = self.words.foresee(told);
                return Ok(Replayed { outcome, detail: Some(detail), entry: None });
            }
        };
        if dry_run {
            return Ok(Replayed { outcome, detail: None, entry: None });
        }
        let now = self.clock.now();
        let entry = JournalEntry {
            replay_of: Some(told.id),
            told_at: told.told_at,
            key: told.key.clone(),
            login: told.login,
            ..self.journal.new_entry(&told.app, &told.openid, told.kind.clone(), now)
        };
        let entry = Outcome(outcome).of_entry(entry, now);
        let id = entry.id;
        self.journal.write(entry).await?;
        Ok(Replayed { outcome, detail: None, entry: Some(id) })
    }

    async fn follow(
        &self,
        told: &JournalEntry,
        follows: bool,
        dry_run: bool,
    ) -> Result<&'static str, ServiceError> {
        let (app, openid, at) = (told.app.clone(), told.openid.clone(), self.clock.now());
        match (dry_run, follows) {
            (true, _) => {}
            (false, true) => self.follows.take_subscribe(app, openid, at).await?,
            (false, false) => self.follows.take_unsubscribe(app, openid, at).await?,
        }
        Ok(if follows { "followed" } else { "unfollowed" })
    }

    async fn revoke(
        &self,
        told: &JournalEntry,
        profile_only: bool,
        dry_run: bool,
    ) -> Result<&'static str, ServiceError> {
        if !dry_run {
            // A link that was made since is not what the person revoked.
            let (app, openid) = (told.app.clone(), told.openid.clone());
            self.revocations.take(app, openid, profile_only, told.told_at).await?;
        }
        Ok(if profile_only { "profile_changed" } else { "revoked" })
    }

    fn kind(&self, told: &JournalEntry) -> Kind {
        let scene = told.key.as_deref().filter(|key| LoginScene::is_login_scene(key));
        match (&*told.kind, scene) {
            ("scan" | "subscribe" | "text", Some(scene)) => Kind::Scan(ScannedEvent {
                app: told.app.clone(),
                openid: told.openid.clone(),
                scene: scene.to_owned(),
            }),
            ("subscribe", None) => Kind::FollowChange { follows: true },
            ("unsubscribe", _) => Kind::FollowChange { follows: false },
            (PROFILE_CHANGED, _) => Kind::Revocation { profile_only: true },
            (name, _) if REVOKED.contains(&name) => Kind::Revocation { profile_only: false },
            (_, _) => Kind::Words,
        }
    }
}

/// What an entry is when it is taken again.
enum Kind {
    Scan(ScannedEvent),
    FollowChange {
        follows: bool,
    },
    Revocation {
        profile_only: bool,
    },
    /// What is about no login, and is only answered or handed on.
    Words,
}
