//! What happens to logins.

use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{Channel, ClientInfo, LoginEvent, LoginId},
    ports::{Binding, Bound, Logins, PendingLink, Scan, ScanTaken, UnionIdLink},
    wechat::{OpenId, Profile, UnionId},
};

use super::{
    play::{Play, Verdict, recent},
    step::{APPS, By},
};
use crate::values::{BIND_WINDOW, COLLECT_WINDOW, app, openid, phone, proof, union_within};

impl Play {
    pub(super) async fn add_pending_link(&self, login: LoginId, account: usize) -> Verdict {
        let account = self.account(account);
        if account != self.seen.accounts[0] {
            let pending_link = PendingLink { login, account, at: self.at() };
            self.both(async |ledger| ledger.add_pending_link(pending_link.clone()).await).await?;
        }
        Ok(())
    }

    /// Goes all the way that a new login takes, as far as it leads.
    pub(super) async fn visit(
        &mut self,
        number: usize,
        link_to: Option<usize>,
        scan: By,
        phone: Option<usize>,
    ) -> Verdict {
        let login = self.new_login();
        self.logins[number] = login;
        if let Some(account) = link_to {
            self.add_pending_link(login, account).await?;
        }
        self.scan(login, scan).await?;
        if let Some(phone) = phone {
            self.bind(login, phone, 0).await?;
        }
        self.open(login).await
    }

    pub(super) async fn scan(&mut self, login: LoginId, by: By) -> Verdict {
        let channels = [Channel::OfficialAccount, Channel::Website, Channel::MiniProgram];
        let nickname = by.tells_name.then(|| format!("Scan {}", self.drawn));
        let scan = Scan {
            login,
            app: app(APPS[by.app].0),
            channel: channels[by.app],
            openid: openid_of(by.person),
            union: by.union.map(|number| union_in(by.app, number)),
            profile: Profile { nickname, avatar_url: None },
            client_info: ClientInfo::new(format!("192.0.2.{}", by.person), "WeChat"),
            at: self.at(),
            window: BIND_WINDOW,
            new_identity: IdentityId::generate(self.at(), &self.random()),
        };
        match self.both(async |ledger| ledger.take_scan(scan.clone()).await).await? {
            Some(ScanTaken::First(record) | ScanTaken::Again(record)) => {
                self.scans.push((login, record.identity));
                if !self.seen.identities.contains(&record.identity) {
                    self.seen.identities.push(record.identity);
                }
                self.note(&record.login);
            }
            Some(ScanTaken::ByAnother | ScanTaken::Over(_) | ScanTaken::LinkRefused(_)) | None => {}
        }
        Ok(())
    }

    pub(super) async fn bind(&mut self, login: LoginId, number: usize, code: u64) -> Verdict {
        let number = u32::try_from(number).expect("small numbers");
        let binding = Binding {
            login,
            phone: phone(number),
            proof: proof(u64::from(number) * 10 + code),
            at: self.at(),
            window: COLLECT_WINDOW,
            new_account: AccountId::generate(self.at(), &self.random()),
        };
        if let Some(Bound::Registered(login)) =
            self.both(async |ledger| ledger.bind(binding.clone()).await).await?
        {
            self.note(&login);
        }
        Ok(())
    }

    pub(super) async fn link(&mut self, scan: usize, union: usize, foreign: Option<usize>) -> Verdict {
        let Some((login, identity)) = recent(&self.scans, scan) else { return Ok(()) };
        let Some(Some(known)) = self.both(async |ledger| ledger.identity(identity).await).await? else {
            return Ok(());
        };
        let app = APPS.iter().position(|(name, _)| known.app.as_str() == *name).expect("one of ours");
        let link = UnionIdLink {
            login: foreign.map_or(login, |foreign| self.logins[foreign]),
            identity,
            union: union_in(app, union),
            at: self.at(),
            window: COLLECT_WINDOW,
        };
        if let Some(Some(login)) = self.both(async |ledger| ledger.link(link.clone()).await).await? {
            self.note(&login);
        }
        Ok(())
    }

    pub(super) async fn end(&self, login: LoginId, denied: bool) -> Verdict {
        let event = if denied { LoginEvent::Denied } else { LoginEvent::Cancelled };
        self.both(async |ledger| Logins::end(ledger, login, event.clone(), self.at()).await).await?;
        Ok(())
    }
}

/// Returns a person's openid, which is the same in every app, so that apps are told apart by their name only.
pub(super) fn openid_of(person: usize) -> OpenId {
    openid(&format!("oPerson{person}"))
}

fn union_in(app: usize, number: usize) -> UnionId {
    union_within(APPS[app].1, &format!("uPerson{number}"))
}
