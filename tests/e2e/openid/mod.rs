//! The OpenID provider, with a client that is written here.

mod attacks;
mod authorize;
mod config;
mod flow;
mod logout;
mod receiver;
mod support;
mod tokens;
