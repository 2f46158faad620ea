//! The JSON bodies of the site API.

mod accounts;
mod introspection;
#[cfg_attr(not(test), expect(dead_code, reason = "the first list of the site API needs it"))]
mod page;

pub(crate) use introspection::{IntrospectRequest, IntrospectionAnswer};
