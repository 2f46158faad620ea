//! Where a SQLite database is: what a URL means, and who may read the file.

use std::path::{Path, PathBuf};

use crate::error::ConnectError;

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Location {
    Memory,
    File(PathBuf),
}

impl Location {
    pub(super) fn parse(url: &str) -> Result<Self, ConnectError> {
        if url == "sqlite::memory:" {
            return Ok(Self::Memory);
        }
        match url.strip_prefix("sqlite://") {
            Some("" | "/") | None => {
                Err(ConnectError::InvalidUrl("SQLite wants sqlite://<path of the file> or sqlite::memory:"))
            }
            Some(path) if path.contains('\0') => Err(ConnectError::InvalidUrl("the path has a zero byte")),
            Some(path) => Ok(Self::File(PathBuf::from(path))),
        }
    }

    /// Returns the name by which SQLite opens it; `./` keeps it from taking a path for a URI or a memory.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Memory => ":memory:".to_owned(),
            Self::File(path) if path.is_absolute() => path.display().to_string(),
            Self::File(path) => format!("./{}", path.display()),
        }
    }
}

/// Makes the file of a new database, for this user alone: it has what is known of persons. SQLite gives the files beside
/// it the same mode. A file that is there keeps its mode, and why one cannot be made SQLite says when it opens it.
#[cfg(unix)]
pub(super) fn make_private(path: &Path) {
    use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt};

    let _ = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
}

#[cfg(not(unix))]
pub(super) fn make_private(_: &Path) {}

/// Returns the file that a URL names where every user of this machine may read it.
#[cfg(unix)]
pub(crate) fn readable_by_others(url: &str) -> Option<PathBuf> {
    use std::{fs::metadata, os::unix::fs::MetadataExt};

    let Ok(Location::File(path)) = Location::parse(url) else { return None };
    let allows = |path: &Path, bit: u32| metadata(path).is_ok_and(|found| found.mode() & bit != 0);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_open = allows(&path, 0o004) && allows(folder, 0o001);
    is_open.then_some(path)
}

#[cfg(not(unix))]
pub(crate) fn readable_by_others(_: &str) -> Option<PathBuf> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_never_taken_for_something_else() {
        for (url, name) in [
            ("sqlite::memory:", ":memory:"),
            ("sqlite:///var/lib/saoma.db", "/var/lib/saoma.db"),
            ("sqlite://saoma.db", "./saoma.db"),
            ("sqlite://:memory:", "./:memory:"),
            ("sqlite://file:x?mode=ro", "./file:x?mode=ro"),
        ] {
            assert_eq!(Location::parse(url).unwrap().name(), name);
        }
    }

    #[test]
    fn what_names_no_file_is_no_url() {
        for rest in ["", "//", "///", "saoma.db", "/saoma.db", "memory", "//a\0b"] {
            let url = format!("sqlite:{rest}");
            assert!(matches!(Location::parse(&url), Err(ConnectError::InvalidUrl(_))), "{url:?}");
        }
    }
}
