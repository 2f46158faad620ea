//! The JSON bodies of the contract.

mod accounts;
mod check;
mod login_answer;
mod login_channel;
mod merges;
mod mini_program;
mod page;
mod page_channels;
mod phones;
mod rfc3339;
mod sessions;
mod site;
mod start_request;
mod started_login;
mod tokens;

pub(crate) use accounts::{AccountAnswer, AccountBody, MERGE_BY, ProfileBody};
pub(crate) use check::{ChallengeBody, CheckBody, CheckRequest};
pub(crate) use login_answer::LoginAnswer;
pub(crate) use login_channel::LoginChannel;
pub(crate) use merges::{MergeByLogin, MergeByNumber, OwnMergeBody};
pub(crate) use mini_program::{MiniProgramAnswer, MiniProgramRequest};
pub(crate) use page::PageBody;
pub(crate) use phones::{
    BindOrSkip, BindWechatPhone, ChangePhone, CodeSent, SendCode, SendNewPhoneCode, SkipPhone,
};
pub(crate) use sessions::{ListedSession, SessionAnswer, SessionBody, SessionsBody, shown_name};
pub(crate) use site::{
    AccessTokenBody, AccessTokenRequest, AccountsQuery, AppStatus, AuditBody, AuditQuery, ChangeAccount,
    ClockStatus, CreateAccount, DeliveryBody, EndedSessionBody, EndedSessionsQuery, ExportBody, FunnelBody,
    FunnelBy, FunnelQuery, IntrospectRequest, IntrospectionAnswer, JournalBody, JournalQuery, JsConfigBody,
    JsConfigRequest, LastCallback, MergeBody, MergeRequest, OpenDataRequest, Page, PartsStatus,
    ProfileRequest, QueueStatus, QuotaStatus, ReplayBody, ReplayRequest, SiteAccount, SiteCodeBody,
    SiteCodeRequest, SiteSession, SmsStatus, StatusBody, page_limit,
};
pub(crate) use start_request::{ClientKind, QrFormat, StartRequest};
pub(crate) use started_login::{QrBody, StartedBody, WxLoginBody};
pub(crate) use tokens::{TokenBody, TokenRequest};

pub use rfc3339::rfc3339;
pub use site::audit_line;
