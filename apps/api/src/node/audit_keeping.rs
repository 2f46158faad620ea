//! Keeping the audit trail: sealing what was committed, writing down the head of the chain, letting old records go.

use std::{io::Write as _, path::PathBuf, sync::Arc, time::Duration};

use saoma_domain::{
    event::{Event, EventKind},
    ports::{AuditChain, AuditTrail, Clock, Outbox, Random, StoreError, random_bytes},
    rules::AUDIT_SEALED_AT_ONCE,
    text::hex,
    time::Timestamp,
};

/// How often a node looks whether there is something to seal.
const SEAL_EVERY: Duration = Duration::from_secs(1);

/// How often the head is written down, and old records go.
const HEAD_EVERY: Duration = Duration::from_secs(60 * 60);

/// Keeps the audit trail.
#[derive(Clone)]
pub(crate) struct AuditKeeping {
    pub(crate) trail: Arc<dyn AuditTrail>,
    /// Where the head of the chain goes to the webhooks that hear it.
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// The name of this node.
    pub(crate) node: String,
    /// How long records are kept; zero: for ever.
    pub(crate) keep: Duration,
    /// Where the head of the chain is written down each hour.
    pub(crate) head_file: Option<PathBuf>,
}

impl AuditKeeping {
    /// Runs for as long as it is run.
    pub(crate) async fn run(self) {
        let mut head_due = Timestamp::default();
        loop {
            tokio::time::sleep(SEAL_EVERY).await;
            let Some(chain) = self.seal_all().await else { continue };
            let now = self.clock.now();
            if head_due <= now {
                head_due = now.plus(HEAD_EVERY);
                self.write_head(&chain, now);
                self.tell_head(&chain, now).await;
                self.forget_old(now).await;
            }
        }
    }

    /// Seals what there is, and returns the chain where this node has the lease.
    async fn seal_all(&self) -> Option<AuditChain> {
        loop {
            match self.trail.seal(&self.node, self.clock.now(), random_bytes(&*self.random)).await {
                Ok(Some((AUDIT_SEALED_AT_ONCE, _))) => {}
                Ok(sealed) => return sealed.map(|(_, chain)| chain),
                Err(error) => {
                    warn(&error);
                    return None;
                }
            }
        }
    }

    fn write_head(&self, chain: &AuditChain, now: Timestamp) {
        let (seq, hash) = (chain.head.seq, hex(&chain.head.hash));
        tracing::info!(audit.seq = seq, audit.hash = hash, "audit: the head of the chain is {seq} {hash}");
        let Some(path) = &self.head_file else { return };
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        let written = file.and_then(|mut file| writeln!(file, "{} {seq} {hash}", now.as_secs()));
        if let Err(error) = written {
            tracing::error!(%error, "audit.head_file {}: {error}", path.display());
        }
    }

    async fn tell_head(&self, chain: &AuditChain, now: Timestamp) {
        let detail = Some(format!("{} {}", chain.head.seq, hex(&chain.head.hash)));
        if let Err(error) = self.outbox.note(Event { detail, ..Event::new(EventKind::AuditHead, now) }).await
        {
            warn(&error);
        }
    }

    async fn forget_old(&self, now: Timestamp) {
        if self.keep.is_zero() {
            return;
        }
        loop {
            match self.trail.forget_before(now.minus(self.keep)).await {
                Ok(0) => return,
                Ok(forgotten) => tracing::info!("audit: {forgotten} records are over audit.keep_days"),
                Err(error) => return warn(&error),
            }
        }
    }
}

fn warn(error: &StoreError) {
    tracing::warn!(%error, "the audit trail cannot be kept: {error}");
}
