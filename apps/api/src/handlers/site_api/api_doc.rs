//! The description of the site API (OpenAPI).

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{accounts, introspect, merges, open_data, ways_in};

/// The description of the site API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Saoma: the site API",
        description = "For the site's own back end, on the operator's listener. Lists answer `{\"items\", \"next\"}` and page by `after` and `limit`. Errors are problems of RFC 9457 with a stable `code`.",
        license(name = "MIT OR Apache-2.0"),
        contact()
    ),
    paths(
        introspect::introspect, accounts::find, accounts::read, accounts::create, accounts::change, accounts::erase,
        accounts::export, ways_in::list_sessions, ways_in::end_sessions, ways_in::end_session, ways_in::unlink_identity, merges::merge, merges::undo,
        open_data::open_data
    ),
    modifiers(&KeyScheme),
    tags(
        (name = "sessions", description = "Who is logged in"),
        (name = "accounts", description = "The people of the site")
    )
)]
pub(super) struct SiteApiDoc;

/// How a system of the site shows its key.
struct KeyScheme;

impl Modify for KeyScheme {
    fn modify(&self, document: &mut Document) {
        let description = "A key of `[[admin.keys]]`; each call names the scope that it needs.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(scheme.build()));
    }
}
