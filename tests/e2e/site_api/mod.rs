//! The site API: what the site's own back end asks and does, on the operator's listener.

mod keys;
pub(crate) mod support;
