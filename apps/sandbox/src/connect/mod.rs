//! The pages on which people allow a service to know them: `/connect/qrconnect` for websites and
//! `/connect/oauth2/authorize` inside WeChat.

mod error;
mod page;
mod request;

pub use error::AuthorizeError;
pub(crate) use page::routes;
pub(crate) use request::read_url;
