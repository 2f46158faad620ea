//! The JSON bodies of the site API.

mod accounts;
mod audit;
mod deliveries;
mod ended_sessions;
mod export;
mod funnel;
mod introspection;
mod journal;
mod merges;
mod page;
mod requests;
mod status;
mod wechat;

pub(crate) use accounts::SiteAccount;
pub use audit::audit_line;
pub(crate) use audit::{AuditBody, AuditQuery};
pub(crate) use deliveries::DeliveryBody;
pub(crate) use ended_sessions::{EndedSessionBody, EndedSessionsQuery};
pub(crate) use export::ExportBody;
pub(crate) use funnel::{FunnelBody, FunnelBy, FunnelQuery};
pub(crate) use introspection::{IntrospectRequest, IntrospectionAnswer, SiteSession};
pub(crate) use journal::{JournalBody, JournalQuery, ReplayBody, ReplayRequest};
pub(crate) use merges::{MergeBody, MergeRequest};
pub(crate) use page::{Page, page_limit};
pub(crate) use requests::{AccountsQuery, ChangeAccount, CreateAccount, OpenDataRequest, ProfileRequest};
pub(crate) use status::{
    AppStatus, ClockStatus, LastCallback, PartsStatus, QueueStatus, QuotaStatus, SmsStatus, StatusBody,
};
pub(crate) use wechat::{
    AccessTokenBody, AccessTokenRequest, JsConfigBody, JsConfigRequest, SiteCodeBody, SiteCodeRequest,
};
