//! The connection to Redis: one that all requests share, time limits, and a circuit breaker.

mod breaker;
mod connector;
mod error;
mod request;
mod shared;

pub(crate) use breaker::CircuitBreaker;
pub(crate) use connector::Connector;
pub(crate) use error::RequestError;
pub(crate) use request::{Request, Script};
pub(crate) use shared::SharedConnection;
