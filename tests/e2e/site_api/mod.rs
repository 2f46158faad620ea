//! The site API: what the site's own back end asks and does, on the operator's listener.

mod commands;
mod erasure;
mod keys;
mod merges;
mod people;
mod support;
