#![doc = include_str!("../README.md")]
//!
//! # Where things are
//!
//! | module | what it has |
//! | --- | --- |
//! | [`config`] | the configuration, read from file and environment and checked |
//! | `adapters` | connects what the configuration asks for: [`Adapters::connect`] |
//! | `saoma`, `app_data` | [`build`]: makes the parts that the endpoints use, and mounts the endpoints |
//! | `server` | the listeners of the binary |
//! | `handlers` | the endpoints, one file each: read the call, call one service, map its answer |
//! | `dto` | the JSON of the contract |
//! | [`errcodes`] | what error codes mean and what to do |
//! | `extract` | what handlers take from a request: body, query, client |
//! | `auth` | who calls and whether the call may change something: credentials, cookies, origins |
//! | `clients` | what several endpoints of logins share: starting one, waiting, issuing its session |
//! | `wechat_events`, `chat_replies` | WeChat's callback, and what the chat says after a scan |
//! | `relaying` | hands to the site's own system what is about no login |
//! | `login_watch` | says and counts what becomes of logins |
//! | `journal` | what WeChat told, and what it led to |
//! | `telling` | tells events to webhooks and to the embedder |
//! | `oidc` | the OpenID provider |
//! | `tokens` | signed tokens about who is logged in |
//! | `pages` | where browsers are sent: the login page, and back |
//! | `middleware` | what wraps every answer: request id, problems, headers, CORS |
//! | `problem` | error answers |
//! | `node` | clock and randomness, metrics, maintenance, readiness, shutdown |
//! | `reach` | what an embedder reaches of the running service |
//! | [`guard`] | who is logged in, for an embedder's routes |
//! | [`operator`] | accounts on the command line, by the services and in the JSON of the site API |
//! | `check` | tries every part of a configuration: [`check()`] |

#![deny(missing_docs)]

mod adapters;
mod app_data;
mod auth;
mod chat_replies;
mod check;
mod clients;
pub mod config;
mod dto;
pub mod errcodes;
mod extract;
pub mod guard;
mod handlers;
mod journal;
mod login_watch;
mod middleware;
mod node;
#[cfg(feature = "oidc")]
mod oidc;
pub mod operator;
mod pages;
mod problem;
mod qr;
mod reach;
mod relaying;
mod saoma;
mod server;
mod telling;
mod tokens;
mod wechat_apps;
mod wechat_events;

/// What an implementation of a port is marked with.
pub use async_trait::async_trait;
pub use saoma_domain as domain;

pub use adapters::{Adapters, ConnectError, Environment, migrate, open_audit_trail};
pub use check::{Finding, Level, Text, check};
pub use dto::{audit_line, rfc3339};
pub use journal::Replayed;
pub use node::{OsRandom, SystemClock, TokioBackground, told_to_reload, told_to_stop};
pub use reach::{EventReach, SessionReach, Wechat};
pub use saoma::{Saoma, build};
pub use saoma_db::Database;
#[cfg(feature = "otlp")]
pub use saoma_trace::{TraceSettingError, Traces};
pub use server::{Server, ServerError};

/// Returns the description of the HTTP API (OpenAPI 3.1) as JSON.
pub fn openapi_json() -> &'static str {
    handlers::openapi_json()
}

/// Returns the description of the site API (OpenAPI 3.1) as JSON.
pub fn site_openapi_json() -> &'static str {
    handlers::site_openapi_json()
}
