//! The answer to a callback.

use actix_web::{HttpResponse, http::header::ContentType, mime};
use saoma_domain::message::RelayAnswer;
use saoma_wechat::callback::{Reply, SUCCESS};

/// The answer to a callback, with its type.
pub(crate) struct CallbackAnswer {
    /// Empty where there is none.
    content_type: String,
    body: Vec<u8>,
}

impl CallbackAnswer {
    /// Returns the answer after which WeChat shows nothing.
    pub(super) fn success() -> Self {
        Self::of(&mime::TEXT_PLAIN_UTF_8, SUCCESS.to_owned())
    }

    /// Returns an answer of our own, as the codec wrote it.
    pub(super) fn ours(reply: &Reply, is_json: bool, written: String) -> Self {
        match reply {
            Reply::Success => Self::of(&mime::TEXT_PLAIN_UTF_8, written),
            Reply::Text(_) | Reply::Image { .. } | Reply::News(_) if is_json => {
                Self::of(&ContentType::json(), written)
            }
            Reply::Text(_) | Reply::Image { .. } | Reply::News(_) => Self::of(&ContentType::xml(), written),
        }
    }

    fn of(content_type: &impl ToString, body: String) -> Self {
        Self { content_type: content_type.to_string(), body: body.into_bytes() }
    }

    /// Writes it as an HTTP answer.
    pub(crate) fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if !self.content_type.is_empty() {
            response.content_type(self.content_type);
        }
        response.body(self.body)
    }
}

impl From<RelayAnswer> for CallbackAnswer {
    fn from(answer: RelayAnswer) -> Self {
        Self { content_type: answer.content_type, body: answer.body }
    }
}
