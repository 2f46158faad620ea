//! The suite of the audit trail's chain.

mod damages;
mod sealing;

use std::sync::Arc;

use saoma_domain::{
    account::AccountId,
    login::LoginId,
    ports::{AuditChain, AuditDamage, AuditFilter, AuditKind, AuditNote, AuditRecord, AuditSeal, AuditTrail},
    rules::{
        Transactions,
        rows::{AuditRows, RowResult, SealedRecord},
    },
    time::Timestamp,
};

use crate::values::{at, client_info, login};

/// Changes the trail behind the back of its rules.
#[derive(Clone, Copy, Debug)]
enum Tampering {
    /// Removes the records up to this place without moving the anchor.
    Remove(u64),
    /// Gives the first record that is not sealed this place, with this hash.
    Insert(u64, [u8; 32]),
    /// Removes where the records of a login came from.
    ForgetClients(LoginId),
}

suite! { $
    /// Runs the cases of `AuditTrail` that are about its chain on a store of rows.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    audit_chain_suite: audit_chain on AuditChainStage {
        sealing:
            a_note_is_found_as_it_was_written,
            records_are_listed_from_the_youngest_on,
            what_is_committed_is_sealed_once,
            the_chain_is_the_same_wherever_it_is_sealed,
            one_node_seals_at_a_time,
            the_node_that_seals_keeps_its_lease_while_there_is_nothing_to_seal,
            of_ten_nodes_at_once_none_forks_the_chain,
            what_is_old_goes_and_the_chain_still_holds,
            where_it_came_from_can_go_and_the_chain_still_holds;
        damages:
            an_untouched_trail_is_whole,
            a_missing_beginning_is_found,
            a_record_behind_the_head_is_found,
            a_record_in_the_wrong_place_is_found;
    }
}

/// A store whose trail can be changed behind the back of its rules.
#[async_trait::async_trait]
trait Store: AuditTrail {
    async fn tamper(&self, how: Tampering);
}

#[async_trait::async_trait]
impl<X: Transactions + AuditTrail> Store for X {
    async fn tamper(&self, how: Tampering) {
        let done = self.run(how, |rows, how| Box::pin(tamper(rows, *how))).await;
        done.expect("the store works");
    }
}

async fn tamper(rows: &mut impl AuditRows, how: Tampering) -> RowResult<()> {
    match how {
        Tampering::Remove(seq) => rows.remove_audit_until(seq).await,
        Tampering::ForgetClients(login) => {
            rows.forget_audit_clients(AccountId::from_store([1; 16]), &[login]).await
        }
        Tampering::Insert(seq, hash) => {
            let unsealed = rows.unsealed_audit(1).await?.pop().expect("one is not sealed");
            let seal = AuditSeal { seq, hash };
            rows.seal_audit(&[SealedRecord { id: unsealed.id, seal, client: None }]).await
        }
    }
}

/// One store.
#[derive(Clone)]
pub struct AuditChainStage {
    trail: Arc<dyn Store>,
}

impl AuditChainStage {
    /// Puts a fresh store up for one case.
    pub fn new<C: Transactions + 'static>(store: C) -> Self {
        Self { trail: Arc::new(store) }
    }

    /// Writes notes of these seconds.
    async fn write(&self, secs: impl IntoIterator<Item = u64>) {
        for secs in secs {
            self.trail.write_note(note(secs)).await.expect("the store works");
        }
    }

    async fn seal(&self, node: &str, now: Timestamp) -> Option<(u32, AuditChain)> {
        self.trail.seal(node, now, [7; 32]).await.expect("the store works")
    }

    /// Writes notes and seals them.
    async fn sealed(&self, secs: impl IntoIterator<Item = u64>) -> AuditChain {
        self.write(secs).await;
        self.seal("one", at(1000)).await.expect("it has the lease").1
    }

    async fn records(&self) -> Vec<AuditRecord> {
        self.trail.records(AuditFilter::default(), None, 1000).await.expect("the store works")
    }

    async fn verify(&self) -> (u64, Vec<AuditDamage>) {
        self.trail.verify_chain().await.expect("the store works")
    }
}

/// Returns a note of so many seconds after the beginning.
fn note(secs: u64) -> AuditNote {
    AuditNote {
        login: Some(login(secs)),
        client: client_info(),
        outcome: Some("denied".to_owned()),
        ..AuditNote::new(AuditKind::LoginRefused, at(secs))
    }
}
