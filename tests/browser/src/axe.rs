//! Checking a page for what keeps people out, by axe-core.

use serde_json::{Value, json};
use thirtyfour::WebDriver;

/// axe-core 4.14.1 as its makers publish it (MPL-2.0, see the licence beside it).
const AXE: &str = include_str!("../vendor/axe.min.js");

/// WCAG 2.2, levels A and AA, and what axe-core takes for good practice.
const RUN: &str =
    "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
    .then(found => found.violations.map(rule => rule.id + ': ' +
        rule.nodes.map(node => node.target + ' ' + node.failureSummary).join(' | ')))";

/// Returns what axe-core finds wrong with the page as it is now.
///
/// It runs in a world of its own beside the page's, so that the page's Content-Security-Policy and Trusted
/// Types stay as they are.
pub(crate) async fn violations(driver: &WebDriver) -> Vec<String> {
    let Value::Array(found) = run_apart(driver, AXE, RUN).await else { panic!("axe-core did not run") };
    found.iter().map(|found| found.as_str().unwrap_or_default().to_owned()).collect()
}

/// Runs a library in a world of its own beside the page's, and returns what an expression with it gives.
pub(crate) async fn run_apart(driver: &WebDriver, library: &str, expression: &str) -> Value {
    let cdp = driver.cdp();
    let tree = cdp.send_raw("Page.getFrameTree", json!({})).await.unwrap();
    let frame = tree["frameTree"]["frame"]["id"].as_str().expect("the page has a frame").to_owned();
    let world = cdp.send_raw("Page.createIsolatedWorld", json!({"frameId": frame})).await.unwrap();
    let context = world["executionContextId"].clone();
    let evaluate = async |expression: &str| {
        let parameters = json!({
            "expression": expression, "contextId": context, "awaitPromise": true, "returnByValue": true,
        });
        let answer = cdp.send_raw("Runtime.evaluate", parameters).await.unwrap();
        assert!(answer.get("exceptionDetails").is_none(), "it fails: {answer}");
        answer["result"]["value"].clone()
    };
    evaluate(&format!("{library}; 0")).await;
    evaluate(expression).await
}
