//! What `docs/` says of backups and of rotating keys, tried.

#![expect(clippy::print_stderr, reason = "what is left out is said")]

mod backups;
mod image;
mod road;
mod rotation;
mod watching;
