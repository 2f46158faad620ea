//! Applications with the service in them, tested as embedders test theirs.

mod chat;
mod guards;
mod world;
