//! Tells the tests of the real binary which servers they are run beside: `saoma-servers exec` names them in
//! `SAOMA_TEST_SERVERS`. The cases that need one which is not named are left out, by a test that says so.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SAOMA_TEST_SERVERS");
    println!("cargo::rustc-check-cfg=cfg(beside_servers)");
    let named = std::env::var("SAOMA_TEST_SERVERS").unwrap_or_default();
    if ["redis", "cluster", "postgres", "mariadb"]
        .iter()
        .all(|server| named.split(',').any(|name| name == *server))
    {
        println!("cargo::rustc-cfg=beside_servers");
    }
}
