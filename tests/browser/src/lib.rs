//! The pages of Saoma in a real Chromium: what the browser tests are written with.
//!
//! A [`Stage`] is the service with a simulated WeChat, on ports of its own; a [`Browser`] is a Chromium with a
//! profile of its own. Everything ends when it is dropped.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod axe;
mod browser;
mod chromium;
mod driver;
mod figures;
mod folders;
mod fonts;
mod likeness;
mod look;
mod picture;
mod programs;
mod service;
mod site;
mod stage;

pub use browser::Browser;
pub use figures::figure;
pub use fonts::Smoothing;
pub use look::Look;
pub use picture::{Area, Picture};
pub use saoma_servers::{PATIENCE, eventually};
pub use site::Site;
pub use stage::{Stage, link_in};
