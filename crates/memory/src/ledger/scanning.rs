//! Taking scans, and the logins whose scan adds an identity to an account.

use saoma_domain::{
    account::{AccountId, Identity, IdentityId},
    login::{Channel, Login, LoginEvent, LoginState},
    ports::{LINKS_VOIDED_BY, LOGIN_KEPT_FOR, PendingLink, Scan, ScanRecord, ScanTaken, StoreError},
    time::Timestamp,
};

use super::{
    pruning::last_deadline,
    state::{IdentityRow, LoginRow, ScanRow, State},
};

/// Where a scan leads.
enum Goal {
    /// To an account, or to the question for a phone number.
    Account(Option<AccountId>),
    /// Nowhere: the identity cannot be added to the account that it was to be added to.
    LinkRefused,
}

impl State {
    pub(super) fn add_pending_link(&mut self, pending_link: &PendingLink) -> Result<(), StoreError> {
        let not_new = Err(StoreError::Corrupt(format!("login {} is not new", pending_link.login)));
        if self.logins.contains_key(&pending_link.login) {
            return not_new;
        }
        let earlier = self.pending_links.entry(pending_link.login).or_insert_with(|| pending_link.clone());
        if earlier.account == pending_link.account { Ok(()) } else { not_new }
    }

    pub(super) fn take_scan(&mut self, scan: Scan) -> Result<ScanTaken, StoreError> {
        let person = self.identity_of(&scan.app, &scan.openid).cloned();
        if let Some(row) = self.logins.get(&scan.login) {
            return repeated(row, person.as_ref());
        }
        let login = Login::new(scan.login).at(scan.at);
        if login.state.is_final() {
            return over(&login);
        }
        match self.goal_of(&scan, person.as_ref()) {
            Goal::Account(account) => self.first(scan, login, person.as_ref(), account),
            Goal::LinkRefused => self.refuse(&scan, login),
        }
    }

    fn goal_of(&self, scan: &Scan, person: Option<&Identity>) -> Goal {
        let own = person.and_then(|person| person.account);
        let Some(&PendingLink { account: linked, at, .. }) = self.pending_links.get(&scan.login) else {
            let by_union = || scan.union.as_ref().and_then(|union| self.free_account_of(union, &scan.app));
            return Goal::Account(own.or_else(by_union));
        };
        let all_ended = self.all_ended.get(&linked).is_some_and(|ended| at <= *ended);
        if all_ended || self.has_happened_since(linked, &LINKS_VOIDED_BY, at) {
            return Goal::LinkRefused;
        }
        match own {
            Some(own) if own == linked => Goal::Account(Some(own)),
            None if !self.has_user_of(linked, &scan.app) => Goal::Account(Some(linked)),
            Some(_) | None => Goal::LinkRefused,
        }
    }

    fn first(
        &mut self,
        scan: Scan,
        login: Login,
        person: Option<&Identity>,
        account: Option<AccountId>,
    ) -> Result<ScanTaken, StoreError> {
        let identity = person.map_or(scan.new_identity, |person| person.id);
        let event = LoginEvent::Scanned { identity, account, window: scan.window };
        let login = match login.apply(event, scan.at) {
            Ok(login) => login,
            Err(refusal) => return over(&refusal.login),
        };
        let own = person.and_then(|person| person.account);
        let kept_until = last_deadline(&login).plus(LOGIN_KEPT_FOR);
        if person.is_none() {
            self.identities.push(first_seen(&scan, kept_until));
        }
        if let (None, Some(account)) = (own, account) {
            self.bind(identity, account, scan.login, scan.at)?;
        }
        let has_settled = own.is_some() || self.pending_links.contains_key(&scan.login);
        self.learn(identity, &scan, has_settled)?;
        let row = self.identity_mut(identity)?;
        row.kept_until = row.kept_until.max(kept_until);
        let (known, bound_now) = (account.is_some(), own.is_none() && account.is_some());
        let linked = bound_now && self.pending_links.contains_key(&scan.login);
        let row = ScanRow { identity, known, linked, client_info: scan.client_info, at: scan.at };
        let record = ScanRecord { bound_now, ..row.record(login.clone(), self.identity(identity)?) };
        self.record(LoginRow { scan: Some(row), ..LoginRow::unscanned(login) });
        Ok(ScanTaken::First(record))
    }

    /// Keeps what a scan tells about a person; a conflict is one of an identity that has an account for
    /// another reason than its unionid.
    fn learn(&mut self, id: IdentityId, scan: &Scan, has_settled: bool) -> Result<(), StoreError> {
        let identity = &mut self.identity_mut(id)?.identity;
        let account = identity.account.filter(|_| has_settled);
        let (old, new) = (&mut identity.profile, &scan.profile);
        old.nickname = new.nickname.clone().or(old.nickname.take());
        old.avatar_url = new.avatar_url.clone().or(old.avatar_url.take());
        if scan.channel == Channel::OfficialAccount {
            identity.unsubscribed_at = None;
        }
        let Some(union) = &scan.union else { return Ok(()) };
        if self.note_union(id, union)?
            && let Some(account) = account
        {
            self.note_conflict(account, union, scan.login, scan.at);
        }
        Ok(())
    }

    /// Ends a login whose scan cannot add the identity to its account.
    fn refuse(&mut self, scan: &Scan, login: Login) -> Result<ScanTaken, StoreError> {
        let login = match login.apply(LoginEvent::Denied, scan.at) {
            Ok(login) => login,
            Err(refusal) => return over(&refusal.login),
        };
        self.record(LoginRow { link_refused: true, ..LoginRow::unscanned(login.clone()) });
        Ok(ScanTaken::LinkRefused(login))
    }
}

fn first_seen(scan: &Scan, kept_until: Timestamp) -> IdentityRow {
    let identity = Identity {
        id: scan.new_identity,
        app: scan.app.clone(),
        channel: scan.channel,
        openid: scan.openid.clone(),
        union: None,
        account: None,
        profile: scan.profile.clone(),
        unsubscribed_at: None,
    };
    IdentityRow { identity, made_at: scan.at, bound_since: None, kept_until }
}

impl ScanRow {
    fn record(&self, login: Login, identity: &Identity) -> ScanRecord {
        ScanRecord {
            login,
            identity: self.identity,
            known: self.known,
            linked: self.linked,
            bound_now: false,
            has_union: identity.union.is_some(),
            client_info: self.client_info.clone(),
            at: self.at,
        }
    }
}

/// Answers a scan of a login that has a record.
fn repeated(row: &LoginRow, person: Option<&Identity>) -> Result<ScanTaken, StoreError> {
    if row.link_refused {
        return Ok(ScanTaken::LinkRefused(row.login.clone()));
    }
    let Some(scan) = &row.scan else { return over(&row.login) };
    Ok(match person.filter(|person| person.id == scan.identity) {
        Some(person) => ScanTaken::Again(scan.record(row.login.clone(), person)),
        None => ScanTaken::ByAnother,
    })
}

fn over(login: &Login) -> Result<ScanTaken, StoreError> {
    match &login.state {
        LoginState::Expired { reason, .. } => Ok(ScanTaken::Over(*reason)),
        LoginState::Loop { .. } | LoginState::Unregistered { .. } | LoginState::Registered { .. } => {
            Err(StoreError::Corrupt(format!("login {} went on without a scan", login.id)))
        }
    }
}
