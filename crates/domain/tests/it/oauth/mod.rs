//! Logins for which a browser is sent to WeChat and comes back.

mod failures;
mod once;
mod outcomes;
mod start;
