//! WeChat, scripted: people, codes and failures are those that a test has told.

mod app_api;
mod codes;
mod mini_program;
mod oauth;
mod official_account;

pub use app_api::FakeAppApi;
pub use mini_program::FakeMiniProgram;
pub use oauth::FakeOAuth;
pub use official_account::FakeOfficialAccount;
