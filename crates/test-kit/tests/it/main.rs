//! Applications with the service in them, tested as embedders test theirs.

mod guards;
mod world;
