//! Tells the tests which servers they are run beside.
//!
//! `saoma-servers exec` names them in `SAOMA_TEST_SERVERS`, which is the same in every run, as their addresses
//! are not. The cases on a server that is not named are left out, by a test that says so in its name.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SAOMA_TEST_SERVERS");
    let named = std::env::var("SAOMA_TEST_SERVERS").unwrap_or_default();
    for server in ["redis", "sentinel", "cluster"] {
        println!("cargo::rustc-check-cfg=cfg(beside_{server})");
        if named.split(',').any(|name| name == server) {
            println!("cargo::rustc-cfg=beside_{server}");
        }
    }
}
