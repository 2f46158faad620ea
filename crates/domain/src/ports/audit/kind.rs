//! What the audit trail has entries of.

/// What happened to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditKind {
    /// It was made, by binding a phone number that had none.
    AccountCreated,
    /// A WeChat identity was linked to it.
    IdentityLinked,
    /// A login was issued its session.
    SessionCreated,
    /// One of its sessions was ended.
    SessionEnded,
    /// A WeChat identity was unlinked from it.
    IdentityUnlinked,
    /// It got another phone number.
    PhoneChanged,
    /// An identity of another account was found to be the same person's.
    ConflictFound,
    /// Its person stopped following an official account.
    Unfollowed,
    /// A login was refused: on the phone, by the gate, or because the account is disabled.
    LoginRefused,
    /// A sign that codes are relayed was noticed, as [`Suspicion`](crate::suspicion::Suspicion) says. Those who hear
    /// `login.suspected` are told.
    LoginSuspected,
    /// An SMS code was asked for.
    SmsCode,
    /// What is kept of persons was read through the site API or by an operator.
    PersonalDataRead,
    /// A system of the site or an operator did what changes no account: replayed an event, had a delivery tried again, took an access
    /// token, made a QR code.
    SiteCall,
    /// Its external id, attributes, number or profile were written by another one than its owner, or its profile by the owner.
    AccountChanged,
    /// It was shut.
    AccountDisabled,
    /// It was opened again.
    AccountEnabled,
    /// All its sessions were ended by another one than its owner.
    SessionsEnded,
    /// It was erased; nothing else is left of it.
    AccountErased,
    /// What is kept of its person was read as a whole.
    AccountExported,
    /// Another account was merged into it.
    AccountMerged,
    /// A merge into it was undone.
    AccountUnmerged,
    /// One of its sessions has told an OpenID client who it is.
    ClientAuthorized,
    /// All that a client got of one of its sessions has ended, before the session did.
    ClientTokensEnded,
}

impl AuditKind {
    /// Returns the name used in stores.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccountCreated => "account_created",
            Self::IdentityLinked => "identity_linked",
            Self::SessionCreated => "session_created",
            Self::SessionEnded => "session_ended",
            Self::IdentityUnlinked => "identity_unlinked",
            Self::PhoneChanged => "phone_changed",
            Self::ConflictFound => "conflict_found",
            Self::Unfollowed => "unfollowed",
            Self::LoginRefused => "login_refused",
            Self::LoginSuspected => "login_suspected",
            Self::SmsCode => "sms_code",
            Self::PersonalDataRead => "personal_data_read",
            Self::SiteCall => "site_call",
            Self::AccountChanged => "account_changed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::SessionsEnded => "sessions_ended",
            Self::AccountErased => "account_erased",
            Self::AccountExported => "account_exported",
            Self::AccountMerged => "account_merged",
            Self::AccountUnmerged => "account_unmerged",
            Self::ClientAuthorized => "client_authorized",
            Self::ClientTokensEnded => "client_tokens_ended",
        }
    }

    /// Reads a kind's name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::AccountCreated,
            Self::IdentityLinked,
            Self::SessionCreated,
            Self::SessionEnded,
            Self::IdentityUnlinked,
            Self::PhoneChanged,
            Self::ConflictFound,
            Self::Unfollowed,
            Self::LoginRefused,
            Self::LoginSuspected,
            Self::SmsCode,
            Self::PersonalDataRead,
            Self::SiteCall,
            Self::AccountChanged,
            Self::AccountDisabled,
            Self::AccountEnabled,
            Self::SessionsEnded,
            Self::AccountErased,
            Self::AccountExported,
            Self::AccountMerged,
            Self::AccountUnmerged,
            Self::ClientAuthorized,
            Self::ClientTokensEnded,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == name)
    }
}
