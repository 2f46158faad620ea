//! Saoma without anything outside, for tests: of the service itself, and of services that embed it.
//!
//! | module | holds |
//! | --- | --- |
//! | `fakes` | [`Fakes`]: all of what follows, and the ports made of it |
//! | `database` | [`MemoryDatabase`]: rows in maps, with the domain's own rules on them |
//! | `wechat` | [`FakeOfficialAccount`], [`FakeOAuth`], [`FakeMiniProgram`], [`FakeAppApi`]: scripted people, codes and failures |
//! | `sms_inbox` | [`SmsInbox`]: phones that show what was sent to them |
//! | `place_file` | [`PlaceFile`]: small ip2region files |
//! | `access_tokens` | what nodes share in Redis: [`MemoryAccessTokens`]; and [`NoSessionCache`], where they share none |
//! | `clock`, `random`, `background` | [`ManualClock`], [`SeededRandom`], [`ManualBackground`] |
//!
//! The rest of a node runs on `saoma-memory` here as it does in a service of one process: login cache and notifier,
//! limits, SMS codes, session keys and the cache of sessions.
//!
//! ```
//! use std::time::Duration;
//!
//! use saoma_domain::wechat::{AppName, Follower, OpenId};
//! use saoma_testing::{Fakes, SmsInbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let fakes = Fakes::new();
//! let ports = fakes.ports();
//!
//! // Script WeChat.
//! let (app, anna) = (AppName::parse("main")?, OpenId::parse("oAnna")?);
//! fakes.official_account.know(&app, anna.clone(), Follower { subscribed: true, unionid: None, ..Follower::default() });
//! assert!(ports.official_account.follower(&app, &anna, Duration::from_secs(1)).await?.subscribed);
//!
//! // Let a minute pass.
//! fakes.clock.advance(Duration::from_secs(60));
//! assert_eq!(ports.clock.now(), Fakes::START.plus(Duration::from_secs(60)));
//!
//! // Let the next SMS fail, and read those that were sent.
//! fakes.inbox.fail_next(SmsInbox::failure("the gateway is down"));
//! assert!(fakes.inbox.messages().is_empty());
//! # Ok(())
//! # }
//! ```

#![deny(missing_docs)]

mod access_tokens;
mod background;
mod clock;
mod database;
mod fakes;
mod no_session_cache;
mod place_file;
mod random;
mod sms_inbox;
mod wechat;

pub use access_tokens::MemoryAccessTokens;
pub use background::ManualBackground;
pub use clock::ManualClock;
pub use database::{MemoryDatabase, MemoryRows};
pub use fakes::Fakes;
pub use no_session_cache::NoSessionCache;
pub use place_file::PlaceFile;
pub use random::SeededRandom;
pub use sms_inbox::SmsInbox;
pub use wechat::{FakeAppApi, FakeMiniProgram, FakeOAuth, FakeOfficialAccount};
