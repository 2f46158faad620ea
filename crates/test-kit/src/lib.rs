#![doc = include_str!("../README.md")]
//!
//! # Modules
//!
//! | module | holds |
//! | --- | --- |
//! | `world` | [`TestWorld`]: the service, with all that it stands on |
//! | `person` | [`TestPerson`]: what people do with WeChat |
//! | `chat` | what an official account answers |
//! | `app` | [`TestedApp`]: an application that is called in this process |
//! | `client` | [`TestClient`]: a browser |
//! | `site` | with the feature `sandbox`: the application over real HTTP, beside a simulated WeChat |

#![deny(missing_docs)]

mod app;
mod chat;
mod client;
mod person;
#[cfg(feature = "sandbox")]
mod site;
mod world;

pub use saoma_api;
pub use saoma_testing::*;

pub use app::{TestAnswer, TestApp, TestCall, TestedApp};
pub use client::{TestClient, TestLogin};
pub use person::TestPerson;
#[cfg(feature = "sandbox")]
pub use saoma_sandbox;
#[cfg(feature = "sandbox")]
pub use site::{SitePerson, TestSite, TestSiteBuilder};
pub use world::{TestWorld, TestWorldBuilder};
