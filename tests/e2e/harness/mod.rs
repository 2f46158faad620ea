//! What the tests drive: a service, a WeChat, and clients.

mod client;
mod service;

pub(crate) use client::{Answer, Browser, Device};
pub(crate) use service::{PUBLIC_URL, Service, Setup};
