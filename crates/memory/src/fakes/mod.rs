//! The fakes of what lies outside: time, chance, phones and WeChat.

mod clock;
mod official_account;
mod random;
mod sms_inbox;

pub use clock::ManualClock;
pub use official_account::FakeOfficialAccount;
pub use random::SeededRandom;
pub use sms_inbox::SmsInbox;
