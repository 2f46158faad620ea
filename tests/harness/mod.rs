//! What all tests of the real binary have in common.

pub(crate) mod bot;
pub(crate) mod clients;
pub(crate) mod node;
pub(crate) mod settings;
pub(crate) mod site_keys;
