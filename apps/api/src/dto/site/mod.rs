//! The JSON bodies of the site API.

mod accounts;
mod export;
mod introspection;
mod merges;
mod page;
mod requests;

pub(crate) use accounts::SiteAccount;
pub(crate) use export::ExportBody;
pub(crate) use introspection::{IntrospectRequest, IntrospectionAnswer, SiteSession};
pub(crate) use merges::{MergeBody, MergeRequest};
pub(crate) use page::{Page, page_limit};
pub(crate) use requests::{AccountsQuery, ChangeAccount, CreateAccount, OpenDataRequest, ProfileRequest};
