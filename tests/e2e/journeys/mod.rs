//! People logging in.

mod accounts;
mod browsers;
mod by_message;
mod confirm;
mod elsewhere;
mod endings;
mod first_login;
#[cfg(target_os = "linux")]
mod full_disk;
mod issuing_sessions;
mod limits;
mod machine_checks;
mod modes;
mod newcomers;
mod phone_codes;
mod ready_codes;
mod repeats;
mod replies;
mod restarts;
mod sms_login;
mod stopping;
mod streams;
mod wechat_failures;
