//! The description of the API (OpenAPI).

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{
    account, check, forward_auth,
    logins::{bind_phone, bind_wechat_phone, cancel, create, events, mini_program, read, send_code},
    oauth::{authorize, callback as oauth_callback, relay},
    page_info, phone_pages,
    sessions::{current, identities, list, merge, phone},
    tokens::{jwks, session_token},
    wechat_callback,
};

/// The description of the API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Saoma",
        description = "Login with WeChat: scan, follow, logged in. Errors are problems of RFC 9457 with a stable `code`.",
        license(name = "MIT OR Apache-2.0"),
        contact()
    ),
    paths(
        create::create, read::read, events::events, send_code::send_code, bind_phone::bind_phone,
        bind_wechat_phone::bind_wechat_phone, mini_program::mini_program, cancel::cancel, authorize::authorize, oauth_callback::callback,
        relay::relay, relay::relay_callback,
        current::read, current::log_out, identities::add, identities::remove, phone::send_code, phone::change,
        list::list, list::end, list::end_all, merge::by_number, merge::by_login, merge::undo,
        account::erase, account::export, account::change_profile,
        forward_auth::forward_auth, forward_auth::forward_auth_below, session_token::sign, jwks::jwks,
        page_info::page, check::check,
        wechat_callback::echo, wechat_callback::receive, phone_pages::confirm_page, phone_pages::confirm,
        phone_pages::not_me_page, phone_pages::not_me
    ),
    modifiers(&SecuritySchemes),
    tags(
        (name = "logins", description = "One attempt to log in"),
        (name = "phone", description = "Pages for the phone that scanned; their links come in the chat"),
        (name = "oauth", description = "To WeChat and back, in the browser"),
        (name = "sessions", description = "What a login leads to"),
        (name = "page", description = "What a page needs to draw itself"),
        (name = "tokens", description = "Signed tokens for the services behind the site"),
        (name = "wechat", description = "What WeChat calls")
    )
)]
pub(super) struct ApiDoc;

/// How clients show the secrets of logins and sessions.
struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let bearer = |description| {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(description));
            SecurityScheme::Http(scheme.build())
        };
        let cookie = |name, description| {
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(name, description)))
        };
        let prefixed = "Where the site is https its name has a prefix (`__Host-` or `__Secure-`).";
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("poll_token", bearer("The poll token of a login, for devices."));
        components.add_security_scheme("session_token", bearer("The token of a session, for devices."));
        components.add_security_scheme("login_cookie", cookie("saoma_login", prefixed));
        components.add_security_scheme("session_cookie", cookie("saoma_session", prefixed));
    }
}
