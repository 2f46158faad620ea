//! Every port of the domain in one process.
//!
//! For a service that runs as a single process, what others keep in Redis: [`MemoryBoard`] (with its
//! wake-ups), [`MemoryLimits`], [`MemorySmsCodes`] and [`MemorySessionKeys`]. They are bounded, refuse when
//! they are full rather than forget what still counts, and forget what is over by the injected time. Nothing in
//! them waits for anything but the wake-ups, and no lock is held across that. Copies of sessions it does without
//! ([`NoSessionCopies`]).
//!
//! For tests, fakes of all the rest: [`MemoryLedger`] (what others keep in SQL), [`MemorySessionCopies`],
//! [`MemoryAccessTokens`], [`FakeOfficialAccount`], [`FakeOAuth`], [`FakeMiniProgram`], [`SmsInbox`],
//! [`ManualClock`] and [`SeededRandom`].
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//!
//! use saoma_domain::{
//!     keys::{KeyRing, ServerKey},
//!     login::{Login, LoginEvent, LoginId, PollToken},
//!     ports::{Board, BoardEntry, Clock, Wakeups},
//!     time::Timestamp,
//! };
//! use saoma_memory::{BoardCapacity, ManualClock, MemoryBoard, SeededRandom};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_763_610_000)));
//! let board = MemoryBoard::new(clock.clone(), BoardCapacity::default());
//!
//! let keys = KeyRing::new(ServerKey::new([7; 32]), vec![]);
//! let token = PollToken::generate(&SeededRandom::new(1));
//! let deadline = clock.now().plus(Duration::from_secs(120));
//! let id = LoginId::issue(&token, deadline, &keys);
//!
//! // Who waits for a login subscribes, looks, and then waits.
//! board.open(id, None, deadline).await?;
//! let mut waiter = board.subscribe(id).await?;
//! assert_eq!(board.read(id).await?, BoardEntry::Open);
//!
//! let cancelled = Login::new(id).apply(LoginEvent::Cancelled, clock.now())?;
//! board.publish(&cancelled, deadline).await?;
//! waiter.woken(Duration::from_secs(25)).await;
//! assert_eq!(board.read(id).await?, BoardEntry::Outcome(cancelled));
//!
//! clock.advance(Duration::from_secs(120));
//! assert_eq!(board.read(id).await?, BoardEntry::Absent);
//! # Ok(())
//! # }
//! ```

mod access_tokens;
mod board;
mod fakes;
mod fallback;
mod ledger;
mod limits;
mod pruning;
mod session_copies;
mod session_keys;
mod sms_codes;
mod store;

pub use access_tokens::MemoryAccessTokens;
pub use board::{BoardCapacity, MemoryBoard};
pub use fakes::{FakeMiniProgram, FakeOAuth, FakeOfficialAccount, ManualClock, SeededRandom, SmsInbox};
pub use fallback::FallbackBoard;
pub use ledger::MemoryLedger;
pub use limits::MemoryLimits;
pub use session_copies::{MemorySessionCopies, NoSessionCopies};
pub use session_keys::MemorySessionKeys;
pub use sms_codes::MemorySmsCodes;
