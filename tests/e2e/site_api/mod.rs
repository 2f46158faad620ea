//! The site API: what the site's own back end asks and does, on the operator's listener.

mod commands;
mod consents;
mod erasure;
mod keys;
mod merges;
mod open_data;
mod people;
pub(crate) mod support;
