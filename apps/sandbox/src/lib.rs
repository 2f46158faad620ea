#![doc = include_str!("../README.md")]
//!
//! # Modules
//!
//! Each one imports only from those above it.
//!
//! | module | holds |
//! | --- | --- |
//! | `clock`, `random` | WeChat's time; values that look random, from a seed |
//! | `error` | [`SandboxError`] and [`AuthorizeError`] |
//! | `apps` | the four kinds of app, and what they have in common |
//! | `config` | [`SandboxConfig`]: apps, people, delivery, limits |
//! | `state` | what WeChat remembers; pure, the time is an argument |
//! | `shared_state` | the configuration, and the state behind one lock |
//! | `authorize_url` | checks the URLs of the two authorization pages |
//! | `open_data` | a phone number in the forms in which a mini program gets it |
//! | `callback` | sends events to the service and reads its replies |
//! | `simulation` | sends events, opens authorization pages, and is WeChat's console |
//! | `person` | [`Person`]: what people do |
//! | `wechat_api` | WeChat's HTTP API; scripted faults |
//! | `authorize_page`, `sms_webhook`, `sms_clouds`, `phone_page`, `control` | the other things that are called over HTTP |
//! | `sandbox` | [`Sandbox`], the handle of the library |

#![deny(missing_docs)]

mod apps;
mod authorize_page;
mod authorize_url;
mod callback;
mod clock;
mod config;
mod control;
mod error;
mod open_data;
mod person;
mod phone_page;
mod random;
mod sandbox;
mod shared_state;
mod simulation;
mod sms_clouds;
mod sms_webhook;
mod state;
mod wechat_api;

pub use apps::{DEFAULT_OPEN_ACCOUNT, MiniProgram, MobileApp, OfficialAccount, OnRefuse, WebsiteApp};
pub use clock::Clock;
pub use config::{DEMO_PEOPLE, DeliveryPolicy, Limits, SandboxConfig};
pub use error::{AuthorizeError, SandboxError};
pub use open_data::{EncryptedData, PhoneData};
pub use person::Person;
pub use sandbox::Sandbox;
pub use saoma_wechat::callback::{CallbackFormat, CallbackMode};
pub use simulation::{NotSent, Reaction, ServiceAnswer};
pub use sms_clouds::{
    CAPTCHA_PREFIX, CAPTCHA_SCENE, SMS_APP_ID, SMS_KEY_ID, SMS_KEY_SECRET, SMS_SIGN_NAME, SMS_TEMPLATE_CODE,
};
pub use state::{
    Api, Attempt, ChatMessage, Delivery, DeliveryOutcome, EXPIRED_NOTICE, Event, EventKind, FAULT_NOTICE,
    Fault, MiniCode, Mood, QrCode, Sms, Speaker,
};
