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

#![deny(missing_docs)]

mod app;
mod chat;
mod client;
mod person;
mod world;

pub use saoma_api;
pub use saoma_testing::*;

pub use app::{TestAnswer, TestApp, TestCall, TestedApp};
pub use client::TestClient;
pub use person::TestPerson;
pub use world::{TestWorld, TestWorldBuilder};
