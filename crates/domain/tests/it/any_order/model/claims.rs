//! What a number says of a person, and who is on probation.

use std::time::Duration;

use saoma_domain::time::Timestamp;

use super::Model;
use crate::world::secs;

const PROBATION: Duration = secs(7 * 24 * 60 * 60);
const FOR_EVER: Timestamp = Timestamp::from_millis(i64::MAX);

/// What a number that has an account says of a person who proved it.
pub(super) enum Claim {
    Owner,
    NumberAlone { probation: Timestamp },
    Taken,
}

impl Model {
    pub(super) fn claim(&self, account: usize, app: usize, person: usize, now: Timestamp) -> Claim {
        if self.has_user(account, app) {
            return Claim::Taken;
        }
        match (self.identities[app][person].has_unionid, self.persons_known_in(account).as_slice()) {
            (false, _) | (true, []) => Claim::NumberAlone { probation: now.plus(PROBATION) },
            (true, known) if known.contains(&person) => Claim::Owner,
            (true, _) => Claim::Taken,
        }
    }

    /// Lists the persons of an account whose unionid is known.
    fn persons_known_in(&self, account: usize) -> Vec<usize> {
        let identities = self.identities_of(account).into_iter();
        identities.filter(|(app, person)| self.identities[*app][*person].has_unionid).map(|it| it.1).collect()
    }

    /// Returns until when an identity that joins an account now is on probation.
    pub(super) fn probation_in(&self, account: usize) -> Option<Timestamp> {
        let identities = self.identities_of(account).into_iter();
        identities.filter_map(|(app, person)| self.identities[app][person].probation).max()
    }

    /// Notes the unionid of an identity; one that came by the number alone, to a stranger's account, stays on
    /// probation.
    pub(super) fn learn_unionid(&mut self, app: usize, person: usize) {
        let identity = self.identities[app][person];
        if let (false, Some(account), Some(_)) = (identity.has_unionid, identity.account, identity.probation)
        {
            let known = self.persons_known_in(account);
            if !known.is_empty() && !known.contains(&person) {
                self.identities[app][person].probation = Some(FOR_EVER);
            }
        }
        self.identities[app][person].has_unionid = true;
    }

    /// Returns whether the identity that a login was made with is on probation.
    pub(super) fn is_on_probation(&self, login: usize, now: Timestamp) -> bool {
        let login = &self.logins[login];
        let identity = login.named.map(|(person, _)| self.identities[login.way_in.app()][person]);
        identity.and_then(|identity| identity.probation).is_some_and(|until| now < until)
    }
}
