//! The site's own systems around the login service, over HTTP.
//!
//! | module | what is called |
//! | --- | --- |
//! | `relay` | the system behind an app, as WeChat would call it |
//! | `webhooks` | who hears events, as Standard Webhooks says |
//! | `gate` | who decides whether a person is admitted |

#![deny(missing_docs)]

mod gate;
mod http;
mod logout;
mod relay;
mod signature;
mod webhooks;

pub use gate::{GateTarget, HttpGate};
pub use http::HttpRelayError;
pub use logout::LogoutSender;
pub use relay::{HttpRelay, RelayTarget};
pub use signature::{MalformedSecret, WebhookSecret};
pub use webhooks::{DataField, HttpWebhook, WebhookTarget};
