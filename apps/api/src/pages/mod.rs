//! Where browsers are sent: to the login page, and back to where they came from.

mod for_people;
mod login_page;
mod relay_addresses;
mod return_to;

pub(crate) use for_people::ForPeople;
pub(crate) use login_page::LoginPage;
pub(crate) use relay_addresses::RelayAddresses;
pub(crate) use return_to::{ReturnAddresses, check_fits_cookie, fits_cookie};

/// Returns the spellings of elsewhere to which no browser may be sent.
#[cfg(test)]
fn spellings_of_elsewhere() -> Vec<String> {
    let lines = include_str!("../../../../tests/vectors/open_redirects.txt").lines();
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    let read = lines.iter().filter_map(|line| serde_json::from_str(&format!("\"{line}\"")).ok());
    let spellings: Vec<String> = read.collect();
    assert!(spellings.len() >= 100 && spellings.len() == lines.len(), "{}", spellings.len());
    spellings
}
