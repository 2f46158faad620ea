//! What `docs/` says of backups and of rotating keys, tried.

mod backups;
mod image;
mod rotation;
mod watching;
