//! Rows of `logins`.

use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use saoma_domain::{
    account::{AccountId, IdentityId},
    login::{ClientInfo, ExpiryReason, Login, LoginId, LoginState},
    ports::{BindingProof, LOGIN_KEPT_FOR, LoginRecord, PendingLink, ScanRecord, StoreError},
    time::Timestamp,
    wechat::AppName,
};

use super::corrupt;
use crate::schema::logins;

/// Why a login that added an identity to an account is registered.
const JOINED: &str = "linked";

/// What the columns of a state hold.
struct StateColumns {
    account: Option<AccountId>,
    reason: Option<ExpiryReason>,
    deadline: Option<Timestamp>,
    since: Option<Timestamp>,
    prune_at: i64,
}

impl StateColumns {
    fn of(login: &Login) -> Self {
        let (account, reason, deadline, since) = match login.state {
            LoginState::Loop { deadline } | LoginState::Unregistered { deadline, .. } => {
                (None, None, Some(deadline), None)
            }
            LoginState::Registered { account, since, collect_by } => {
                (Some(account), None, Some(collect_by), Some(since))
            }
            LoginState::Expired { reason, since } => (None, Some(reason), None, Some(since)),
        };
        // While the code itself can still be scanned its login must not look new again.
        let last = login.id.deadline().max(deadline.or(since).unwrap_or_default());
        Self { account, reason, deadline, since, prune_at: last.plus(LOGIN_KEPT_FOR).as_millis() }
    }
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = logins, treat_none_as_null = true)]
pub(crate) struct LoginRow {
    id: String,
    version: i64,
    state: String,
    reason: Option<String>,
    identity_id: Option<String>,
    account_id: Option<String>,
    deadline: Option<i64>,
    since: Option<i64>,
    app: Option<String>,
    scan_known: Option<bool>,
    asked_ip: Option<String>,
    asked_browser: Option<String>,
    scanned_at: Option<i64>,
    proof: Option<Vec<u8>>,
    prune_at: i64,
}

impl LoginRow {
    /// Makes the row of a login that ended before anybody scanned its code.
    pub(crate) fn unscanned(login: &Login) -> Self {
        let columns = StateColumns::of(login);
        Self {
            id: login.id.to_string(),
            version: login.version.into(),
            state: login.state.name().to_owned(),
            reason: columns.reason.map(|reason| reason.as_str().to_owned()),
            identity_id: None,
            account_id: columns.account.map(|id| id.to_string()),
            deadline: columns.deadline.map(Timestamp::as_millis),
            since: columns.since.map(Timestamp::as_millis),
            app: None,
            scan_known: None,
            asked_ip: None,
            asked_browser: None,
            scanned_at: None,
            proof: None,
            prune_at: columns.prune_at,
        }
    }

    /// Makes the row of a login that nothing has happened to, and that is to add an identity to an account.
    pub(crate) fn expected(pending_link: &PendingLink) -> Self {
        Self {
            account_id: Some(pending_link.account.to_string()),
            since: Some(pending_link.at.as_millis()),
            ..Self::unscanned(&Login::new(pending_link.login))
        }
    }

    /// Makes the row of a login that ended because who scanned could not be added to its account.
    pub(crate) fn link_refused(login: &Login, at: Timestamp) -> Self {
        Self { scanned_at: Some(at.as_millis()), ..Self::unscanned(login) }
    }

    /// Makes the row of a login whose code was scanned.
    pub(crate) fn scanned(record: &ScanRecord, app: &AppName) -> Self {
        Self {
            identity_id: Some(record.identity.to_string()),
            app: Some(app.to_string()),
            scan_known: Some(record.known),
            reason: record.linked.then(|| JOINED.to_owned()),
            asked_ip: Some(record.client_info.ip.clone()),
            asked_browser: Some(record.client_info.user_agent.clone()),
            scanned_at: Some(record.at.as_millis()),
            ..Self::unscanned(&record.login)
        }
    }

    /// Returns the login as it was last written.
    pub(crate) fn login(&self) -> Result<Login, StoreError> {
        let columns = (
            self.state.as_str(),
            &self.reason,
            &self.identity_id,
            &self.account_id,
            self.deadline.map(Timestamp::from_millis),
            self.since.map(Timestamp::from_millis),
        );
        let state = match columns {
            ("loop", None, None, Some(_), Some(deadline), Some(_)) => LoginState::Loop { deadline },
            ("unregistered", None, Some(identity), None, Some(deadline), None) => {
                LoginState::Unregistered { identity: self.identity(identity)?, deadline }
            }
            ("registered", reason, Some(_), Some(account), Some(collect_by), Some(since))
                if reason.as_deref().is_none_or(|reason| reason == JOINED) =>
            {
                let account = AccountId::parse(account).ok_or_else(|| self.corrupt("account_id"))?;
                LoginState::Registered { account, since, collect_by }
            }
            ("expired", Some(reason), _, None, None, Some(since)) => {
                let reason = ExpiryReason::parse(reason).ok_or_else(|| self.corrupt("reason"))?;
                LoginState::Expired { reason, since }
            }
            _ => return Err(self.corrupt("state")),
        };
        let id = LoginId::from_store(&self.id).ok_or_else(|| self.corrupt("id"))?;
        let version = u32::try_from(self.version).map_err(|_| self.corrupt("version"))?;
        Ok(Login { id, version, state })
    }

    /// Returns whether nothing has happened to the login: it is only known that it is to add an identity to an
    /// account.
    pub(crate) fn is_expected(&self) -> bool {
        self.state == "loop"
    }

    /// Returns the account that the login is to add an identity to and since when, for as long as nothing has
    /// happened to it.
    pub(crate) fn link_to(&self) -> Result<Option<PendingLink>, StoreError> {
        if !self.is_expected() {
            return Ok(None);
        }
        let login = self.login()?.id;
        let account = self.account_id.as_deref().and_then(AccountId::parse);
        let account = account.ok_or_else(|| self.corrupt("account_id"))?;
        let at = Timestamp::from_millis(self.since.ok_or_else(|| self.corrupt("since"))?);
        Ok(Some(PendingLink { login, account, at }))
    }

    /// Returns whether the login's code was scanned, by whomever.
    pub(crate) fn is_scanned(&self) -> bool {
        self.scanned_at.is_some()
    }

    /// Returns whether the login ended because who scanned could not be added to its account.
    pub(crate) fn is_link_refused(&self) -> bool {
        self.is_scanned() && self.identity_id.is_none()
    }

    /// Returns what its scan led to, where its code was scanned by an identity, of which the row does not know
    /// whether its unionid is known.
    pub(crate) fn scan(&self, has_union: bool) -> Result<ScanRecord, StoreError> {
        let columns =
            (&self.identity_id, self.scan_known, &self.asked_ip, &self.asked_browser, self.scanned_at);
        match columns {
            (Some(identity), Some(known), Some(ip), Some(browser), Some(at)) => Ok(ScanRecord {
                login: self.login()?,
                identity: self.identity(identity)?,
                known,
                linked: self.reason.as_deref() == Some(JOINED),
                bound_now: false,
                has_union,
                client_info: ClientInfo { ip: ip.clone(), user_agent: browser.clone() },
                at: Timestamp::from_millis(at),
            }),
            _ => Err(self.corrupt("scanned_at")),
        }
    }

    /// Returns the login with what it was bound with.
    pub(crate) fn record(&self) -> Result<LoginRecord, StoreError> {
        let proof = match &self.proof {
            Some(bytes) => {
                let bytes = <[u8; 32]>::try_from(bytes.as_slice());
                Some(BindingProof(bytes.map_err(|_| self.corrupt("proof"))?))
            }
            None => None,
        };
        Ok(LoginRecord { login: self.login()?, proof, link_refused: self.is_link_refused() })
    }

    /// Returns the id and version that a compare-and-set of this row has to find.
    pub(crate) fn key(&self) -> (&str, i64) {
        (&self.id, self.version)
    }

    /// Returns when nobody can need the row any more.
    pub(crate) fn prune_at(&self) -> i64 {
        self.prune_at
    }

    fn identity(&self, text: &str) -> Result<IdentityId, StoreError> {
        IdentityId::parse(text).ok_or_else(|| self.corrupt("identity_id"))
    }

    fn corrupt(&self, column: &str) -> StoreError {
        corrupt("logins", column, &self.id)
    }
}

/// The columns that change when a login moves on.
#[derive(AsChangeset)]
#[diesel(table_name = logins, treat_none_as_null = true)]
pub(crate) struct LoginChange {
    version: i64,
    state: &'static str,
    reason: Option<&'static str>,
    account_id: Option<String>,
    deadline: Option<i64>,
    since: Option<i64>,
    proof: Option<Vec<u8>>,
    prune_at: i64,
}

impl LoginChange {
    /// Makes the change to what a login becomes, and what it was bound with.
    pub(crate) fn new(login: &Login, proof: Option<BindingProof>) -> Self {
        let columns = StateColumns::of(login);
        Self {
            version: login.version.into(),
            state: login.state.name(),
            reason: columns.reason.map(ExpiryReason::as_str),
            account_id: columns.account.map(|id| id.to_string()),
            deadline: columns.deadline.map(Timestamp::as_millis),
            since: columns.since.map(Timestamp::as_millis),
            proof: proof.map(|BindingProof(bytes)| bytes.to_vec()),
            prune_at: columns.prune_at,
        }
    }
}
