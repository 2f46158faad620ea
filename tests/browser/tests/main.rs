//! The login page, the component on other sites and the phone page, driven in Chromium beside the service and a
//! simulated WeChat.
//!
//! Every run writes its screenshots to `target/screenshots`, or to the folder that `SAOMA_SCREENSHOTS` names,
//! and compares them with those in `screenshots`; `SAOMA_STORE_SCREENSHOTS=1` stores them instead. The lines
//! that begin with `browser: ` are figures.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[cfg(in_browser)]
mod account;
#[cfg(in_browser)]
mod account_states;
#[cfg(in_browser)]
mod asked;
#[cfg(in_browser)]
mod channels;
mod contract;
#[cfg(in_browser)]
mod docs;
#[cfg(in_browser)]
mod elsewhere;
#[cfg(in_browser)]
mod embedded;
#[cfg(in_browser)]
mod form;
#[cfg(in_browser)]
mod interruptions;
#[cfg(in_browser)]
mod journeys;
#[cfg(in_browser)]
mod keyboard;
#[cfg(in_browser)]
mod packages;
#[cfg(in_browser)]
mod panel;
#[cfg(in_browser)]
mod phones;
#[cfg(in_browser)]
mod rare_states;
#[cfg(in_browser)]
mod relayed;
#[cfg(in_browser)]
mod scenes;
#[cfg(in_browser)]
mod secrets;
#[cfg(in_browser)]
mod speed;
#[cfg(in_browser)]
mod states;
#[cfg(in_browser)]
mod steps;
#[cfg(in_browser)]
mod tabs;
#[cfg(in_browser)]
mod tolerance;
#[cfg(in_browser)]
mod ways_in;

#[cfg(not(in_browser))]
#[test]
#[ignore = "install chromium, chromium-driver and fonts-wqy-zenhei, then: SAOMA_TEST_BROWSER=1 cargo test -p saoma-browser"]
fn the_pages_are_left_out_because_there_is_no_browser() {}
