#![doc = include_str!("../README.md")]

mod account;
mod app;
mod callback;
mod clock;
mod config;
mod connect;
mod control;
mod error;
mod mini_program;
mod open_data;
mod page;
mod person;
mod person_doors;
mod random;
mod sandbox;
mod simulation;
mod sms_webhook;
mod website;
mod wechat_api;
mod world;

pub use account::{Mode, OfficialAccount};
pub use app::{AppKind, DEFAULT_OPEN_ACCOUNT, OnRefuse};
pub use clock::Clock;
pub use config::{DEMO_PEOPLE, DeliveryPolicy, Limits, SandboxConfig};
pub use connect::AuthorizeError;
pub use error::SandboxError;
pub use mini_program::MiniProgram;
pub use person::Person;
pub use sandbox::Sandbox;
pub use simulation::{EncryptedData, NotSent, PhoneData, Reaction, ServiceAnswer};
pub use website::WebsiteApp;
pub use world::{
    Api, Attempt, ChatMessage, Delivery, EXPIRED_NOTICE, Event, EventKind, FAULT_NOTICE, Fault, Outcome,
    QrCode, Sms, Speaker,
};
