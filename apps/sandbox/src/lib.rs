#![doc = include_str!("../README.md")]

mod account;
mod callback;
mod clock;
mod config;
mod control;
mod error;
mod page;
mod person;
mod random;
mod sandbox;
mod simulation;
mod sms_webhook;
mod wechat_api;
mod world;

pub use account::{Mode, OfficialAccount};
pub use clock::Clock;
pub use config::{DEMO_PEOPLE, DeliveryPolicy, Limits, SandboxConfig};
pub use error::SandboxError;
pub use person::Person;
pub use sandbox::Sandbox;
pub use simulation::{NotSent, Reaction};
pub use world::{
    Api, Attempt, ChatMessage, Delivery, EXPIRED_NOTICE, Event, EventKind, FAULT_NOTICE, Fault, Outcome,
    QrCode, Scene, Sms, Speaker,
};
