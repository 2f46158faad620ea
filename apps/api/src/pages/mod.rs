//! Where browsers are sent: to the login page, and back to where they came from.

mod for_people;
mod login_page;
mod relay_addresses;
mod return_to;

pub(crate) use for_people::ForPeople;
pub(crate) use login_page::LoginPage;
pub(crate) use relay_addresses::RelayAddresses;
pub(crate) use return_to::{ReturnAddresses, check_fits_cookie, fits_cookie};
