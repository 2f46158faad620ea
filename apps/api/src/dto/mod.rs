//! The JSON bodies of the contract.

mod accounts;
mod login_answer;
mod login_channel;
mod phones;
mod rfc3339;
mod sessions;
mod site;
mod start_request;
mod started_login;

pub(crate) use accounts::{AccountAnswer, AccountBody, ProfileBody};
pub(crate) use login_answer::LoginAnswer;
pub(crate) use login_channel::LoginChannel;
pub(crate) use phones::{BindPhone, BindWechatPhone, ChangePhone, CodeSent, SendCode};
pub(crate) use rfc3339::rfc3339;
pub(crate) use sessions::{ListedSession, SessionAnswer, SessionBody, SessionsBody, shown_name};
pub(crate) use site::{
    AccountsQuery, ChangeAccount, CreateAccount, ExportBody, IntrospectRequest, IntrospectionAnswer,
    MergeBody, MergeRequest, OpenDataRequest, Page, ProfileRequest, SiteAccount, SiteSession, page_limit,
};
pub(crate) use start_request::{ClientKind, QrFormat, StartRequest};
pub(crate) use started_login::{QrBody, StartedBody, WxLoginBody};
