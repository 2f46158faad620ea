//! One attempt to log in: its public id, its secret poll token, and the states that it passes through.

mod context;
mod id;
mod machine;
mod poll_token;
mod scene;
mod state;

pub use context::{ClientInfo, LoginContext};
pub use id::{AuthenticatedLogin, LoginId};
pub use machine::{LoginEvent, Refusal};
pub use poll_token::PollToken;
pub use scene::{LoginScene, ScenePurpose};
pub use state::{Channel, ExpiryReason, Login, LoginState};
