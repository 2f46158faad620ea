//! What has to hold for sessions.

use std::collections::BTreeSet;

use proptest::prelude::*;
use saoma_domain::{
    ports::{ActiveSession, Sessions},
    services::ServiceError,
};

use super::{Play, Verdict};
use crate::{
    any_order::cast::{APPS, PERSONS, PHONES, openid_in},
    world::app,
};

impl Play {
    /// A session that the model says is live is accepted by every node, one that has ended by none, and it is
    /// the login's account's.
    pub(super) async fn check_session(&mut self, login: usize) -> Verdict {
        let account = self.model.logins[login].account();
        let Some(token) = self.logins[login].session.clone() else {
            prop_assert_eq!(account, None);
            return Ok(());
        };
        let live = self.world.database.find(&token.hash()).await.unwrap();
        prop_assert_eq!(live.is_some(), account.is_some());
        let nodes = [&self.nodes.without_cache, &self.nodes.asked, &self.nodes.other].map(Clone::clone);
        for (number, node) in nodes.into_iter().enumerate() {
            match (node.sessions.check(&token).await, account) {
                (Ok(checked), Some(account)) => {
                    prop_assert!(!self.seen[login].has_ended, "no session comes back");
                    prop_assert_eq!(checked.session.login, self.logins[login].auth.id());
                    prop_assert_eq!(checked.account.id, self.accounts[account]);
                    if number == 0 || self.now() >= self.nodes.informed_from {
                        self.check_owner(account, &checked)?;
                    }
                    if number == 0 {
                        // A cached session may show later what was not the person's own change.
                        self.check_conflicts(account, &checked)?;
                    }
                }
                (refused, account) => {
                    prop_assert_eq!(account, None, "node {} refuses a live session", number);
                    prop_assert_eq!(refused.err(), Some(ServiceError::SessionInvalid), "node {}", number);
                    self.seen[login].has_ended = true;
                }
            }
        }
        Ok(())
    }

    /// The holder is told what the account is now.
    fn check_owner(&self, account: usize, checked: &ActiveSession) -> Verdict {
        prop_assert_eq!(
            checked.account.phone.as_ref().map(|phone| phone.e164()),
            self.model.accounts[account].phone.map(|phone| PHONES[phone])
        );
        let mut told = BTreeSet::new();
        for identity in &checked.identities {
            prop_assert_eq!(identity.account, Some(checked.account.id));
            told.insert((identity.app.clone(), identity.openid.clone()));
        }
        prop_assert_eq!(told.len(), checked.identities.len());
        let theirs = self.model.identities_of(account).into_iter();
        let theirs: BTreeSet<_> = theirs.map(|(at, who)| (app(APPS[at]), openid_in(at, who))).collect();
        prop_assert_eq!(told, theirs);
        Ok(())
    }

    /// The holder is told which other accounts are the same person's.
    fn check_conflicts(&self, account: usize, checked: &ActiveSession) -> Verdict {
        for conflict in &checked.conflicts {
            prop_assert!(checked.identities.contains(&conflict.identity));
        }
        let told = checked.conflicts.iter().map(|conflict| {
            let identity = &conflict.identity;
            let at = APPS.iter().position(|name| app(name) == identity.app).unwrap();
            let who = (0..PERSONS.len()).position(|who| openid_in(at, who) == identity.openid).unwrap();
            (at, who, self.account(conflict.other.id))
        });
        let told: BTreeSet<_> = told.collect();
        prop_assert_eq!(told, self.model.conflicts_of(account).into_iter().collect());
        Ok(())
    }
}
