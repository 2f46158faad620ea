//! The ways in besides the QR code: websites, pages inside WeChat, mini programs, mobile applications.

mod canary;
mod code_relay;
mod exchange_failures;
mod forgeries;
mod in_wechat;
mod large_cookies;
mod links;
mod login_links;
mod mini_program;
mod mini_program_code;
mod mini_program_phone;
mod mobile_app;
#[cfg(beside_servers)]
mod nodes;
mod planted;
mod races;
mod return_addresses;
mod states;
mod website;
