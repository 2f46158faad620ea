//! What all tests of the real binary have in common.

pub(crate) mod node;
pub(crate) mod settings;
