//! The examples of the package in pages of another origin: React, Vue, and plain HTML.

use std::{path::PathBuf, process::Command};

use saoma_browser::{Browser, Look, Site, Stage, eventually, figure};

use crate::steps::{MING, scan};

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packages/login")
}

/// Runs npm in the package's folder; returns whether it could.
fn npm(arguments: &[&str]) -> bool {
    let ran = Command::new("npm").args(arguments).current_dir(package()).output();
    ran.is_ok_and(|output| output.status.success())
}

/// Puts the examples together. Without npm, or where its registry cannot be reached, they are left out.
fn examples_are_built() -> bool {
    let built = npm(&["ci", "--no-audit", "--no-fund"]) && npm(&["run", "examples"]);
    if !built {
        figure("the examples for React and Vue are left out: npm cannot fetch what they need");
    }
    built
}

/// Opens a page with an example, and logs in there.
async fn logs_in(page: impl FnOnce(&str) -> String) {
    let mut site = Site::reserve().await;
    let stage = Stage::start(&[("server.allowed_origins", &site.url)]).await;
    let person = stage.known_person("ming", MING).await;
    site.serve(page(&stage.url));
    let browser = Browser::start(Look::default()).await;
    browser.open(&format!("{}/?api={}/", site.url, stage.url)).await;
    browser.see(".code").await;
    scan(&stage, &person).await;
    let greeting =
        async || (browser.eval("return document.title").await == "Hello 138****8001").then_some(());
    eventually("the page hears who is logged in", greeting).await;
}

fn with_bundle(name: &str) -> String {
    let folder = package().join("examples");
    let bundle = std::fs::read_to_string(folder.join(format!("built/{name}/main.js"))).unwrap();
    let page = std::fs::read_to_string(folder.join("index.html")).unwrap();
    let script = format!("<script type=\"module\">{}</script>", bundle.replace("</script", "<\\/script"));
    page.replace("<script type=\"module\" src=\"./main.js\"></script>", &script)
}

#[test]
fn a_newcomer_writes_less_than_ten_lines() {
    for example in ["react/main.tsx", "vue/main.ts"] {
        let text = std::fs::read_to_string(package().join("examples").join(example)).unwrap();
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        assert!(lines < 10, "{example} has {lines} lines");
    }
}

#[tokio::test]
async fn a_page_with_react_or_vue_logs_in_with_the_package() {
    if tokio::task::spawn_blocking(examples_are_built).await.unwrap() {
        let is_fine = tokio::task::spawn_blocking(|| npm(&["run", "check"])).await.unwrap();
        assert!(is_fine, "publint or TypeScript finds something: npm run check in packages/login");
        logs_in(|_| with_bundle("react")).await;
        logs_in(|_| with_bundle("vue")).await;
    }
}

#[tokio::test]
async fn a_plain_page_logs_in_with_two_lines() {
    let page = std::fs::read_to_string(package().join("examples/html/index.html")).unwrap();
    logs_in(|service| page.replace("https://login.example.com", service)).await;
}
