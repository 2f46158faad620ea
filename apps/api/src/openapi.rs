//! The description of the API.

use utoipa::OpenApi;

use crate::routes::{
    callback,
    logins::{bind_phone, cancel, create, events, read, send_code},
    sessions::{current, list},
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
        cancel::cancel, current::read, current::log_out, list::list, list::end, list::end_all, callback::echo,
        callback::receive
    ),
    tags(
        (name = "logins", description = "One attempt to log in"),
        (name = "sessions", description = "What a login leads to"),
        (name = "wechat", description = "What WeChat calls")
    )
)]
pub(crate) struct ApiDoc;
