//! The way to Redis: one shared connection, time limits, and a breaker.

mod breaker;
mod dialer;
mod failure;
mod request;
mod wire;

pub(crate) use breaker::Breaker;
pub(crate) use dialer::Dialer;
pub(crate) use failure::Failure;
pub(crate) use request::{Request, Script};
pub(crate) use wire::Wire;
