//! The calls to WeChat: a table with one row a call.
//!
//! A row says what the client has to know about an API: method, path, credentials, whether a request may be
//! repeated, and whose quota it uses. Fresh tokens, repetition, the quota breaker, the time limit, error
//! texts and logs follow from the row. What WeChat's error codes ask for is the table of
//! [`errcode`](super::errcode).
//!
//! # To add a call
//! 1. Write a row below.
//! 2. Write a file in this folder with the type of the answer (`Deserialize`, or an `Answer` of its own), which turns itself
//!    into a value of the domain, and import the type for the row.
//! 3. Make the call in the port that needs it: `app.ask(deadline, &calls::ROW, &parameters, |answer| …)`,
//!    with pairs of names and values as parameters of a GET, and `json!` as those of a POST. `ask` logs a
//!    failure and returns it as a `WechatError`.

use serde_json::Value;

use super::api::{Api, Call, Credentials, Method, Quota, Repeat};

mod any;
mod custom_send;
mod js_code;
mod js_ticket;
mod login_code;
mod oauth_token;
mod oauth_user_info;
mod person;
mod phone_number;
mod qr_create;
mod stable_token;
mod user_info;

pub(super) use any::AnyAnswer;
use custom_send::CustomSendAnswer;
pub(super) use custom_send::text_parameters;
use js_code::JsCodeAnswer;
use js_ticket::JsTicketAnswer;
use login_code::Picture;
pub(super) use login_code::login_code_parameters;
pub(super) use oauth_token::Grant;
use oauth_token::OAuthTokenAnswer;
use oauth_user_info::OAuthUserInfoAnswer;
pub(super) use oauth_user_info::Told;
use phone_number::PhoneNumberAnswer;
use qr_create::QrCreateAnswer;
pub(super) use qr_create::qr_parameters;
use stable_token::StableTokenAnswer;
pub(super) use user_info::UserInfoAnswer;

/// Makes one constant of each row.
macro_rules! calls {
    ($(
        $name:ident: $answer:ty = $method:ident $path:literal $credentials:ident $repeat:ident $quota:ident;
    )+) => {
        $(pub(super) const $name: Call<$answer> = Call::new(Api {
            path: $path,
            method: Method::$method,
            credentials: Credentials::$credentials,
            repeat: Repeat::$repeat,
            quota: Quota::$quota,
        });)+

        #[cfg(test)]
        const ALL: &[Api] = &[$($name.api),+];

        /// The paths of all rows.
        pub(super) const PATHS: &[&str] = &[$($path),+];
    };
}

// WeChat's page of `jscode2session` gave its quota as "100 a minute and user". That of `getuserphonenumber`
// says only that there is one. Of `getwxacodeunlimit` 45009 means the minute: 5000 of them.
calls! {
    // name          answer                method path                             credentials  repeat quota
    STABLE_TOKEN:    StableTokenAnswer   = Post "/cgi-bin/stable_token"            SecretInBody Safe   App;
    QR_CREATE:       QrCreateAnswer      = Post "/cgi-bin/qrcode/create"           Token        Safe   App;
    USER_INFO:       Value               = Get  "/cgi-bin/user/info"               Token        Safe   App;
    JS_TICKET:       JsTicketAnswer      = Get  "/cgi-bin/ticket/getticket"        Token        Safe   App;
    CUSTOM_SEND:     CustomSendAnswer    = Post "/cgi-bin/message/custom/send"     Token        Never  App;
    OAUTH_TOKEN:     OAuthTokenAnswer    = Get  "/sns/oauth2/access_token"         Secret       Never  App;
    OAUTH_REFRESH:   OAuthTokenAnswer    = Get  "/sns/oauth2/refresh_token"        PersonToken  Safe   App;
    OAUTH_USER_INFO: OAuthUserInfoAnswer = Get  "/sns/userinfo"                    PersonToken  Safe   App;
    JS_CODE:         JsCodeAnswer        = Get  "/sns/jscode2session"              Secret       Never  Person;
    PHONE_NUMBER:    PhoneNumberAnswer   = Post "/wxa/business/getuserphonenumber" Token        Never  Person;
    LOGIN_CODE:      Picture             = Post "/wxa/getwxacodeunlimit"           Token        Safe   Minute;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_path_stands_in_one_row_because_it_names_a_quota_breaker() {
        let paths = ALL.iter().map(|api| api.path).collect::<BTreeSet<_>>();
        assert_eq!(paths.len(), ALL.len());
    }
}
