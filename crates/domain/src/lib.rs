//! Login with WeChat, as pure code: the values and the login state machine, the rules, the use cases, and the
//! ports that adapters implement.
//!
//! Nothing here does I/O, knows a runtime, reads a clock or draws randomness: time and random bytes come
//! in through the [`system::Clock`] and [`system::Random`] ports or as arguments. What holds everywhere:
//!
//! * SQL is the truth ([`ports::Logins`], [`ports::Sessions`]); the login cache ([`ports::LoginCache`]) holds
//!   copies that may vanish at any moment.
//! * A client is told only of what is committed.
//! * Consuming something once is a compare-and-set in the store ([`ports::OneTimeCodes`] for WeChat's codes: a
//!   code is redeemed before it is sent, and is never sent again).
//! * A notification is a hint, never a fact.
//!
//! | module | holds | knows |
//! | --- | --- | --- |
//! | `model` | login, account, session, phone, WeChat's words: values and the state machine | nothing |
//! | [`system`] | clock, randomness | `model` |
//! | [`ports`] | what is outside | `model`, `system` |
//! | [`rules`] | every decision about rows, in transactions | `model`, `ports` |
//! | [`services`] | the use cases | all but `rules`, which make the ports |

#![deny(missing_docs)]

mod model;
pub mod ports;
pub mod rules;
pub mod services;
pub mod system;

use model::digest;
pub use model::{
    account, actor, chat, consent, event, journal, keys, login, message, nearness, network, oidc, place,
    proof_of_work, session, signing, sms, suspicion, text, time, wechat,
};
