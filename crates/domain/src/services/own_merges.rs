//! Merging two accounts by the person whose both are, and undoing it.

use super::{
    AccountMerge, AccountService, ServiceError,
    accounts::new_phone_of,
    recent_login::{require_recent_login, require_scan},
};
use crate::{
    account::{Account, PhoneNumber},
    actor::Actor,
    login::AuthenticatedLogin,
    ports::{AccountProof, ActiveSession, MergeId, OwnMerge, OwnMerged, Undo, Undone},
    sms::SmsCode,
};

/// A merge that a person made, or would make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAccountMerge {
    /// The account that is merged into that of the session, as it was before.
    pub from: Account,
    /// What moves, and what stays.
    pub merge: AccountMerge,
}

impl AccountService {
    /// Merges the account that a login led to within the last ten minutes into the account of the session, or says what
    /// would happen.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`] for a session or a login of longer ago, [`ServiceError::LoginState`] for a login
    /// that led to no account, [`ServiceError::ScanRequired`] where nothing but a number says who it is,
    /// [`ServiceError::IdentityTooNew`], [`ServiceError::AccountDisabled`], [`ServiceError::MergeImpossible`], and
    /// [`ServiceError::Store`] when it is not known to be committed.
    pub async fn merge_by_login(
        &self,
        active: &ActiveSession,
        login: &AuthenticatedLogin,
        dry_run: bool,
    ) -> Result<OwnAccountMerge, ServiceError> {
        self.require_proven_owner(active)?;
        self.merge_own(active, AccountProof::Login(login.id()), dry_run).await
    }

    /// Merges the account that has a number into the account of the session, or says what would happen. The code is that of
    /// [`AccountService::send_new_phone_code`]; a right one is good for both while it lives.
    ///
    /// # Errors
    /// As [`AccountService::merge_by_login`]; [`ServiceError::PhoneInvalid`], [`ServiceError::SmsCodeWrong`],
    /// [`ServiceError::SmsCodeExpired`], [`ServiceError::RateLimited`], and [`ServiceError::AccountUnknown`] for a number
    /// without an account.
    pub async fn merge_by_number(
        &self,
        active: &ActiveSession,
        phone: &str,
        code: &str,
        dry_run: bool,
    ) -> Result<OwnAccountMerge, ServiceError> {
        self.require_proven_owner(active)?;
        let phone = PhoneNumber::parse(phone).map_err(|_| ServiceError::PhoneInvalid)?;
        let tried = SmsCode::parse(code).unwrap_or_else(SmsCode::none);
        let verified = self.codes.prove(&new_phone_of(active), phone, &tried).await?;
        self.merge_own(active, AccountProof::Number(verified), dry_run).await
    }

    /// Undoes a merge into the account of the session, and returns the account that is its own again.
    ///
    /// # Errors
    /// [`ServiceError::RecentLoginRequired`], [`ServiceError::ScanRequired`], [`ServiceError::IdentityTooNew`],
    /// [`ServiceError::AccountUnknown`] for a merge that is not of this account, was undone or is over seven days ago,
    /// [`ServiceError::MergeDisturbed`], and [`ServiceError::Store`] when it is not known to be committed.
    pub async fn undo_own_merge(
        &self,
        active: &ActiveSession,
        merge: MergeId,
    ) -> Result<Account, ServiceError> {
        self.require_proven_owner(active)?;
        let asked_by = Some((active.account.id, active.session.login));
        let undo = Undo { merge, asked_by, at: self.clock.now(), actor: Actor::Person };
        match self.merges.undo_merge(undo).await? {
            Undone::Done { into, from, ended } => {
                self.invalidation.invalidate(&ended).await;
                self.invalidation.account_changed(into).await;
                self.accounts.account(from).await?.ok_or(ServiceError::AccountUnknown)
            }
            Undone::Changed(by) => Err(ServiceError::MergeDisturbed(by)),
            Undone::OnProbation => Err(ServiceError::IdentityTooNew),
            Undone::Unknown => Err(ServiceError::AccountUnknown),
        }
    }

    fn require_proven_owner(&self, active: &ActiveSession) -> Result<(), ServiceError> {
        require_recent_login(&active.session, self.clock.now())?;
        require_scan(active)
    }

    async fn merge_own(
        &self,
        active: &ActiveSession,
        proof: AccountProof,
        dry_run: bool,
    ) -> Result<OwnAccountMerge, ServiceError> {
        let at = self.clock.now();
        let (id, into, asked_by) =
            (MergeId::generate(at, &*self.random), active.account.id, active.session.login);
        let seen_since = self.policy.recheck_phone.map(|longest| at.minus(longest));
        let merge = OwnMerge { id, into, asked_by, proof, seen_since, dry_run, at };
        match self.merges.merge_own(merge).await? {
            OwnMerged::Done { from, moves, clashes, ended } => {
                self.invalidation.invalidate(&ended).await;
                if !dry_run {
                    self.invalidation.account_changed(into).await;
                }
                let merge = AccountMerge { id: (!dry_run).then_some(id), moves, clashes };
                Ok(OwnAccountMerge { from: *from, merge })
            }
            OwnMerged::NotRegistered(state) => Err(ServiceError::LoginState(state)),
            OwnMerged::TooLongAgo => Err(ServiceError::RecentLoginRequired),
            OwnMerged::Unknown => Err(ServiceError::AccountUnknown),
            OwnMerged::OnProbation => Err(ServiceError::IdentityTooNew),
            OwnMerged::ScanNeeded => Err(ServiceError::ScanRequired),
            OwnMerged::Disabled => Err(ServiceError::AccountDisabled),
            OwnMerged::Impossible => Err(ServiceError::MergeImpossible),
        }
    }
}
