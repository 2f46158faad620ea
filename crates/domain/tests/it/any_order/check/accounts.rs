//! What has to hold for accounts.

use std::collections::HashSet;

use proptest::prelude::*;
use saoma_domain::ports::{Accounts, Sessions};

use super::{Play, Verdict};
use crate::{
    any_order::cast::{APPS, PHONES, openid_in},
    world::app,
};

impl Play {
    /// No two accounts share a number or an identity, no account has two users of one app, there is always a way
    /// in, and all is as the model says.
    pub(super) async fn check_accounts(&self) -> Verdict {
        prop_assert_eq!(self.accounts.len(), self.model.accounts.len());
        let (mut phones, mut people) = (HashSet::new(), HashSet::new());
        for (index, id) in self.accounts.iter().enumerate() {
            let account = self.world.database.account(*id).await.unwrap().unwrap();
            let phone = account.phone.as_ref().map(|phone| phone.e164());
            prop_assert_eq!(phone, self.model.accounts[index].phone.map(|phone| PHONES[phone]));
            prop_assert!(
                phone.is_none_or(|phone| phones.insert(phone.to_owned())),
                "a number has one account"
            );
            let identities = self.world.database.identities(*id).await.unwrap();
            prop_assert!(!identities.is_empty() || phone.is_some(), "there is a way into every account");
            let apps: HashSet<_> = identities.iter().map(|identity| identity.app.clone()).collect();
            prop_assert_eq!(apps.len(), identities.len(), "one user of an app");
            prop_assert_eq!(identities.len(), self.model.identities_of(index).len());
            for (at, who) in self.model.identities_of(index) {
                prop_assert!(people.insert((at, who)), "an identity has one account");
                let known = self.model.identities[at][who];
                let (app, openid) = (app(APPS[at]), openid_in(at, who));
                let found = identities.iter().find(|it| it.app == app && it.openid == openid);
                let found = found.map(|it| (it.union.is_some(), it.unsubscribed_at));
                prop_assert_eq!(found, Some((known.has_unionid, known.unsubscribed)));
            }
            self.check_listed(index).await?;
        }
        Ok(())
    }

    /// Every session of an account came from a login of this play, by the holder of its poll token.
    async fn check_listed(&self, account: usize) -> Verdict {
        for session in self.world.database.list(self.accounts[account]).await.unwrap() {
            let login = self.logins.iter().position(|login| login.auth.id() == session.login).unwrap();
            prop_assert!(self.seen[login].accounts.contains(&self.accounts[account]));
            prop_assert!(self.logins[login].session.is_some(), "no session without the poll token");
        }
        Ok(())
    }
}
