//! The contract, read to the letter: what is answered to whom, and what is refused.

mod addresses;
mod bodies;
mod callback_check;
mod callback_events;
mod callback_forgeries;
mod callback_kinds;
mod command_line;
mod configuration;
mod connections;
mod cookies;
mod creating;
mod demo;
mod headers;
mod init;
mod install;
mod leaks;
mod login_lines;
mod metrics;
mod mistakes;
mod operations;
mod origins;
mod overload;
mod page;
mod phones;
mod places;
mod poll_tokens;
mod problems;
mod program;
mod reload;
mod requests;
mod sessions;
mod sms;
mod waiting;
mod wechat;

pub(crate) use init::{TOKEN, test_account};
#[cfg(feature = "otlp")]
pub(crate) use program::command_with;
pub(crate) use program::{Output, saoma, saoma_in};
pub(crate) use requests::{client, get, post};
