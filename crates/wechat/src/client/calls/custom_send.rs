//! `POST /cgi-bin/message/custom/send`: a text into the chat with a person.
//!
//! Source: WeChat's page on customer-service messages. A message is taken for 48 hours after what the person did last
//! (errcode 45015 after that), a few of them for each such action (45047).

use saoma_domain::wechat::OpenId;
use serde::Deserialize;
use serde_json::{Value, json};

/// Returns the parameters. The text is sent as it is: WeChat shows an escaped character as its escape.
pub(crate) fn text_parameters(openid: &OpenId, text: &str) -> Value {
    json!({"touser": openid.as_str(), "msgtype": "text", "text": {"content": text}})
}

/// WeChat says only that it took the message.
#[derive(Deserialize)]
pub(crate) struct CustomSendAnswer {}
