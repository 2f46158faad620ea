//! The programs of the browser: `chromium` and `chromedriver`, by the search path.

use std::{env, path::PathBuf, process::Command};

/// Names the folders of the shared libraries that they need and the system does not have.
const LIBRARIES: &str = "SAOMA_TEST_LIBRARIES";

/// Returns where Chromium is.
pub(crate) fn chromium() -> PathBuf {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let dirs: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let found =
        names.iter().flat_map(|name| dirs.iter().map(move |dir| dir.join(name))).find(|path| path.exists());
    found.expect("Chromium is installed (package chromium)")
}

/// Lets a program find the libraries that the system does not have.
pub(crate) fn find_libraries(command: &mut Command) {
    if let Some(libraries) = env::var_os(LIBRARIES) {
        command.env("LD_LIBRARY_PATH", libraries);
    }
}
