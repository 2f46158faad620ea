//! Where browsers are sent: to the login page, and back to where they came from.

mod login_page;
mod return_to;

pub(crate) use login_page::LoginPage;
pub(crate) use return_to::{ReturnAddresses, check_fits_cookie, fits_cookie};
