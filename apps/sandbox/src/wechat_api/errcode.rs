//! WeChat's error numbers with their texts.

use crate::state::TokenRefused;

/// A refusal of WeChat's, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Errcode(pub(super) i64);

macro_rules! errcodes {
    ($($name:ident = $number:literal, $text:literal;)*) => {
        impl Errcode {
            $(pub(super) const $name: Self = Self($number);)*

            /// Returns WeChat's text for the number.
            pub(super) fn text(self) -> &'static str {
                match self.0 {
                    $($number => $text,)*
                    // These are only scripted.
                    -1 => "system error",
                    40164 => "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
                    _ => "error",
                }
            }
        }
    };
}

errcodes! {
    TOKEN_INVALID = 40001, "invalid credential, access_token is invalid or not latest";
    GRANT_TYPE_INVALID = 40002, "invalid grant_type";
    OPENID_INVALID = 40003, "invalid openid";
    MESSAGE_TYPE_INVALID = 40008, "invalid message type";
    APPID_INVALID = 40013, "invalid appid";
    TOKEN_MALFORMED = 40014, "invalid access_token";
    CODE_INVALID = 40029, "invalid code";
    REFRESH_TOKEN_INVALID = 40030, "invalid refresh_token";
    ACTION_NAME_INVALID = 40052, "invalid action name";
    ACTION_INFO_INVALID = 40053, "invalid action info, please check document";
    ARGUMENTS_INVALID = 40097, "invalid args";
    SECRET_INVALID = 40125, "invalid appsecret";
    CODE_USED = 40163, "code been used";
    SCENE_INVALID = 40169, "invalid length for scene, or the data is not json string";
    HIGH_RISK_USER = 40226, "code blocked";
    TOKEN_MISSING = 41001, "access_token missing";
    APPID_MISSING = 41002, "appid missing";
    REFRESH_TOKEN_MISSING = 41003, "refresh_token missing";
    SECRET_MISSING = 41004, "appsecret missing";
    CODE_MISSING = 41008, "missing code";
    OPENID_MISSING = 41009, "missing openid";
    PAGE_INVALID = 41030, "invalid page";
    TOKEN_EXPIRED = 42001, "access_token expired";
    REFRESH_TOKEN_EXPIRED = 42002, "refresh_token expired";
    CODE_EXPIRED = 42003, "code expired";
    GET_REQUIRED = 43001, "require GET method";
    POST_REQUIRED = 43002, "require POST method";
    NOT_FOLLOWING = 43004, "require subscribe";
    BODY_EMPTY = 44002, "empty post data";
    CONTENT_EMPTY = 44004, "empty content";
    OVER_QUOTA = 45009, "reach max api daily quota limit";
    TOO_OFTEN = 45011, "api minute-quota reach limit, must slower, retry next minute";
    OUT_OF_TIME = 45015, "response out of time limit or subscription is canceled";
    JSON_INVALID = 47001, "data format error";
    CGI_PATH_INVALID = 76021, "cgi_path not found, please check";
    UNAUTHORIZED = 48001, "api unauthorized";
}

impl From<TokenRefused> for Errcode {
    fn from(refused: TokenRefused) -> Self {
        match refused {
            TokenRefused::Unknown => Self::TOKEN_INVALID,
            TokenRefused::Expired => Self::TOKEN_EXPIRED,
        }
    }
}
