//! The apps that are configured: official accounts, websites and mini programs.

mod app;
mod mini_program;
mod official_account;
mod website;

pub(crate) use app::App;
pub use app::{DEFAULT_OPEN_ACCOUNT, OnRefuse};
pub use mini_program::MiniProgram;
pub use official_account::OfficialAccount;
pub(crate) use official_account::parse_callback_url;
pub use website::WebsiteApp;
