//! The QR code of a login, in the format that the client asked for.

use saoma_domain::wechat::QrTicket;

use crate::{
    dto::{QrBody, QrFormat},
    problem::{ErrorCode, Problem},
    qr,
};

/// Draws the QR code that WeChat gave.
///
/// # Errors
/// `wechat_unavailable` for a URL that does not fit into a QR code.
pub(super) fn qr_body(ticket: QrTicket, format: QrFormat) -> Result<QrBody, Problem> {
    let too_long = |_| Problem::new(ErrorCode::WechatUnavailable, "WeChat's URL does not fit into a QR code");
    let QrTicket { url: content, image_url, .. } = ticket;
    let (svg, png) = match format {
        QrFormat::Svg => (Some(qr::svg(&content).map_err(too_long)?), None),
        #[cfg(feature = "png")]
        QrFormat::Png => (None, Some(qr::png(&content).map_err(too_long)?)),
        #[cfg(not(feature = "png"))]
        QrFormat::Png => {
            return Err(Problem::new(ErrorCode::BodyInvalid, "this service draws no pictures in PNG"));
        }
    };
    Ok(QrBody { content: Some(content), svg, png, image_url, message: None })
}
