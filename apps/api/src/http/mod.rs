//! What all endpoints have in common: problems, bodies, cookies, and who is calling.

pub(crate) mod body;
pub(crate) mod client;
pub(crate) mod cookies;
pub(crate) mod cors;
pub(crate) mod credentials;
pub(crate) mod origin;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod return_to;
pub(crate) mod shell;
pub(crate) mod ticket;
pub(crate) mod waits;
