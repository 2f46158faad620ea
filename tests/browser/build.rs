//! Tells the tests whether there is a browser to drive: `tests/run.sh` sets `SAOMA_TEST_BROWSER` where Chromium
//! is installed. Without it they are left out, by a test that says so.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SAOMA_TEST_BROWSER");
    println!("cargo::rustc-check-cfg=cfg(in_browser)");
    if std::env::var("SAOMA_TEST_BROWSER").is_ok_and(|browser| !browser.is_empty()) {
        println!("cargo::rustc-cfg=in_browser");
    }
}
