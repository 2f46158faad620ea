//! The sandbox from outside: over HTTP, through its library, and as a program.

#[cfg(test)]
mod api;
#[cfg(test)]
mod authorize_pages;
#[cfg(test)]
mod callback;
#[cfg(test)]
mod control;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod mini_codes;
#[cfg(test)]
mod mini_program;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod open_accounts;
#[cfg(test)]
mod people;
#[cfg(test)]
mod program;
#[cfg(test)]
mod service;
#[cfg(test)]
mod sms;
#[cfg(test)]
mod support;
