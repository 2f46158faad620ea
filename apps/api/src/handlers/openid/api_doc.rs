//! The description of the OpenID provider (OpenAPI).

use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use super::{authorize, discovery, introspect, logout, revoke, token, userinfo};

/// The description of the OpenID provider.
#[derive(OpenApi)]
#[openapi(
    paths(
        discovery::discovery, authorize::authorize, authorize::consent, token::token, userinfo::userinfo,
        revoke::revoke, introspect::introspect, logout::logout
    ),
    modifiers(&SecuritySchemes),
    tags((name = "openid", description = "Other systems log people in by this service (OpenID Connect)"))
)]
pub(in crate::handlers) struct OpenIdDoc;

/// How clients prove who they are, and by what they read.
struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, document: &mut Document) {
        let scheme = |scheme, description| {
            let scheme = HttpBuilder::new().scheme(scheme).description(Some(description));
            SecurityScheme::Http(scheme.build())
        };
        let components = document.components.get_or_insert_default();
        let secret = "The id and secret of a client; or `client_id` and `client_secret` in the form.";
        components.add_security_scheme("client_secret", scheme(HttpAuthScheme::Basic, secret));
        let token = "The access token of an OpenID client.";
        components.add_security_scheme("access_token", scheme(HttpAuthScheme::Bearer, token));
    }
}
