//! The code of a login, in the format that the client asked for.

use saoma_domain::wechat::{MiniProgramCode, QrTicket};

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
    Ok(QrBody { content: Some(content), svg, png, image_url: Some(image_url), message: None })
}

/// Returns the code of a mini program that WeChat drew.
///
/// # Errors
/// `wechat_unavailable` for a picture that cannot be read.
#[cfg(feature = "png")]
pub(super) fn round_code(code: &MiniProgramCode) -> Result<QrBody, Problem> {
    let unreadable = |error: png::DecodingError| {
        Problem::new(ErrorCode::WechatUnavailable, "WeChat's picture cannot be read").because(&error)
    };
    let png = qr::on_white(&code.picture).map_err(unreadable)?;
    Ok(QrBody { content: None, svg: None, png: Some(png), image_url: None, message: None })
}

#[cfg(not(feature = "png"))]
pub(super) fn round_code(_: &MiniProgramCode) -> Result<QrBody, Problem> {
    Err(Problem::new(ErrorCode::BodyInvalid, "this service draws no pictures in PNG"))
}
