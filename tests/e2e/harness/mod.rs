//! What the tests drive: a service, a WeChat, and clients.

mod client;
mod events;
mod patience;
mod service;
mod steps;

pub(crate) use client::{Answer, Browser, Device};
pub(crate) use events::Events;
pub(crate) use patience::{PATIENCE, eventually};
#[cfg(beside_servers)]
pub(crate) use service::Node;
pub(crate) use service::{PUBLIC_URL, Service, Setup, environment};
pub(crate) use steps::{another_than, bind_own_phone, code_for, log_in, register, scanned_by_new};
