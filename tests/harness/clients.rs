//! Programs that were not written here. `tests/clients/install.sh` brings them to `target/clients`.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

/// Returns a place in this repository.
pub(crate) fn place(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Returns whether a client is there; says that it is left out where it is not, which fails with `SAOMA_CLIENTS=all`.
pub(crate) fn has(client: &str, files: &[PathBuf]) -> bool {
    let missing = files.iter().find(|file| !file.exists());
    let Some(missing) = missing else { return true };
    assert!(std::env::var_os("SAOMA_CLIENTS").is_none(), "{client}: {} is missing", missing.display());
    // Past what catches the output of tests that pass.
    let said =
        format!("left out: {client}, since {} is missing (tests/clients/install.sh)\n", missing.display());
    std::io::stderr().write_all(said.as_bytes()).unwrap();
    false
}
