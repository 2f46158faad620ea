//! The fakes of what lies outside: time, chance, phones and WeChat.

mod clock;
mod codes;
mod mini_program;
mod oauth;
mod official_account;
mod random;
mod sms_inbox;

pub use clock::ManualClock;
pub use mini_program::FakeMiniProgram;
pub use oauth::FakeOAuth;
pub use official_account::FakeOfficialAccount;
pub use random::SeededRandom;
pub use sms_inbox::SmsInbox;
