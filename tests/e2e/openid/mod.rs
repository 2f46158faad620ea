//! The OpenID provider, with a client that is written here.

mod attacks;
mod authorize;
mod config;
mod conformance;
mod flow;
mod foreign;
mod logout;
mod receiver;
pub(crate) mod support;
mod tokens;
