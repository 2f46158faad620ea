//! Where addresses are, from ip2region files.
//!
//! | module | holds |
//! | --- | --- |
//! | `place_files` | [`PlaceFiles`]: the files of a configuration, and the port `Places` |
//! | `xdb` | [`Xdb`]: the bytes of one file, checked and searched |
//! | `region` | what the text of an entry says |

#![deny(missing_docs)]

mod place_files;
mod region;
mod xdb;

pub use place_files::{PlaceFileError, PlaceFiles};
pub use xdb::{Family, Xdb, XdbError};
