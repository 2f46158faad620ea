//! One attempt to log in: its public id, its secret poll token, and the states that it passes through.

mod context;
mod id;
mod machine;
mod message_code;
mod phone_link;
mod phone_question;
mod poll_token;
mod scene;
mod state;

pub use context::{ClientInfo, LoginContext};
pub use id::{AuthenticatedLogin, LoginId};
pub use machine::{InvalidTransition, LoginEvent};
pub use message_code::MessageCode;
pub use phone_link::{PhoneLink, PhoneLinkKind};
pub use phone_question::{ConfirmNumber, PhoneQuestion, WRONG_NUMBERS};
pub use poll_token::PollToken;
pub use scene::{LoginScene, ScenePurpose};
pub use state::{Channel, ExpiryReason, Login, LoginState};
