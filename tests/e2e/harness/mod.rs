//! What the tests drive: a service, a WeChat, and clients.

mod browser;
mod channels;
mod device;
mod elsewhere;
mod embedded;
mod events;
mod http;
mod phone;
mod service;
mod setup;
mod steps;

#[cfg(beside_servers)]
pub(crate) use crate::common::node::Node;
pub(crate) use crate::common::settings::PUBLIC_URL;
pub(crate) use browser::Browser;
pub(crate) use channels::{
    bind_in_browser, come_back, login_to_go_on_with, open_app, open_mini_program, parameter,
    register_by_mini_program, register_by_website,
};
pub(crate) use device::Device;
pub(crate) use elsewhere::spellings_of_elsewhere;
pub(crate) use events::Events;
pub(crate) use http::{Answer, http};
pub(crate) use phone::{Phone, link, other_than, shown};
pub(crate) use saoma_servers::{PATIENCE, eventually};
pub(crate) use service::Service;
pub(crate) use setup::Setup;
pub(crate) use steps::{
    another_than, bind_own_phone, code_for, follower, log_in, register, says, scanned_by_new,
};
