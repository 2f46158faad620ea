//! `POST /cgi-bin/qrcode/create`: a temporary QR code with a scene.

use std::time::Duration;

use saoma_domain::wechat::QrTicket;
use serde::Deserialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::client::failure::CallFailure;
use crate::json::number;

/// 30 days, the longest that WeChat allows.
const MAX_LIFETIME_SECS: u64 = 2_592_000;

/// Returns the parameters. The lifetime is rounded up to whole seconds, kept within WeChat's limits, and
/// always sent, since WeChat's default differs from page to page.
pub(crate) fn qr_parameters(scene: &str, lifetime: Duration) -> Value {
    let seconds = lifetime.as_secs().saturating_add(u64::from(lifetime.subsec_nanos() > 0));
    json!({
        "expire_seconds": seconds.clamp(1, MAX_LIFETIME_SECS),
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": scene}},
    })
}

#[derive(Deserialize)]
pub(crate) struct QrCreateAnswer {
    ticket: String,
    url: String,
    #[serde(deserialize_with = "number")]
    expire_seconds: i64,
}

impl QrCreateAnswer {
    /// Returns the ticket with the address of WeChat's own picture of the code.
    pub(crate) fn into_ticket(self, mp_base: &str) -> Result<QrTicket, CallFailure> {
        let lifetime = u64::try_from(self.expire_seconds).unwrap_or(0);
        if self.ticket.is_empty() || self.url.is_empty() || lifetime == 0 {
            return Err(CallFailure::unusable("the QR code is empty or over"));
        }
        // A ticket has `+`, `/` and `=` in it.
        let ticket = form_urlencoded::byte_serialize(self.ticket.as_bytes()).collect::<String>();
        Ok(QrTicket {
            url: self.url,
            image_url: format!("{mp_base}/cgi-bin/showqrcode?ticket={ticket}"),
            lifetime: Duration::from_secs(lifetime),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_sent_in_whole_seconds_within_the_limits_of_wechat() {
        let sent = |lifetime| qr_parameters("s", lifetime)["expire_seconds"].as_u64();
        assert_eq!(sent(Duration::ZERO), Some(1));
        assert_eq!(sent(Duration::from_millis(119_001)), Some(120));
        assert_eq!(sent(Duration::MAX), Some(2_592_000));
    }
}
