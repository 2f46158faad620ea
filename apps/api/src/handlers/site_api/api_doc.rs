//! The description of the site API (OpenAPI).

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    accounts, audit, ended_sessions, events, introspect, merges, open_data, status, ways_in, webhooks, wechat,
};

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
        introspect::introspect,
        accounts::find,
        accounts::read,
        accounts::create,
        accounts::change,
        accounts::erase,
        accounts::export,
        ways_in::list_sessions,
        ended_sessions::list,
        ways_in::end_sessions,
        ways_in::end_session,
        ways_in::unlink_identity,
        audit::list,
        status::status,
        status::funnel,
        events::list,
        events::replay,
        webhooks::list,
        webhooks::retry,
        wechat::token::access_token,
        wechat::calls::js_config,
        wechat::calls::user,
        wechat::codes::make,
        merges::merge,
        merges::undo,
        open_data::open_data,
    ),
    modifiers(&KeyScheme),
    tags(
        (name = "sessions", description = "Who is logged in"),
        (name = "accounts", description = "The people of the site"),
        (name = "audit", description = "What happened to accounts, and who did it"),
        (name = "events", description = "What happened, and who hears of it"),
        (name = "status", description = "How the service is, and how many logins take which step"),
        (name = "wechat", description = "WeChat for the site's other systems")
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
