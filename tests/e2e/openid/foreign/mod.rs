//! Clients that were not written here: each logs a person in by the sandbox's phone, reads, refreshes and logs out.
//!
//! `tests/clients/install.sh` brings them to `target/clients`. One that is not there is left out, which is printed; with
//! `SAOMA_CLIENTS=all` that fails.

mod apache;
mod browser;
mod examples;
mod grafana;
mod programs;

use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::{
    common::clients::{has, place},
    harness::PATIENCE,
};

/// Packages of Go from Debian: those that were unpacked, and those that are installed.
const GO_PACKAGES: &str = "target/clients/debian/usr/share/gocode";

/// Returns where a package of Go is, of those that were unpacked.
fn go_package(name: &str) -> PathBuf {
    place(GO_PACKAGES).join("src").join(name)
}

/// Builds a program in Go in a directory, with packages of Debian, and returns where it is.
async fn built_by_go(directory: &Path, source: &str) -> PathBuf {
    let program = directory.join("program");
    let mut build = Command::new("/usr/bin/go");
    build.args(["build", "-o"]).arg(&program).arg(place(source));
    build
        .env("GOPATH", format!("{}:/usr/share/gocode", place(GO_PACKAGES).display()))
        .env("GO111MODULE", "off")
        .env("GOCACHE", directory.join("cache"))
        .env("CGO_ENABLED", "0");
    let built = tokio::time::timeout(PATIENCE * 6, build.output()).await.expect("it is built").unwrap();
    assert!(built.status.success(), "{built:?}");
    program
}
