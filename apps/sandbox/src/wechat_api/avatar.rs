//! `GET /sandbox/avatars/{name}/{size}`: the pictures that `headimgurl` points to.

use actix_web::{HttpResponse, web};
use url::Url;

/// The colours behind the letters: white is readable on each.
const TINTS: [&str; 6] = ["#3b6fb6", "#8a4fb5", "#b3541e", "#1c7c7d", "#a83264", "#56702a"];

/// The largest side that WeChat has; size 0 stands for it.
const MAX_SIDE: u32 = 640;

/// Returns the URL of a person's picture at the address (`http://host:port`) by which the sandbox was called;
/// as with WeChat, the last part is the size.
pub(super) fn avatar_url(base: &str, name: &str) -> Option<String> {
    let mut url = Url::parse(base).ok()?;
    url.path_segments_mut().ok()?.extend(["sandbox", "avatars", name, "132"]);
    Some(url.into())
}

/// Draws the first letter of the name on a coloured square.
pub(super) async fn handle(path: web::Path<(String, u32)>) -> HttpResponse {
    let (name, size) = path.into_inner();
    let side = if size == 0 { MAX_SIDE } else { size.min(MAX_SIDE) };
    let letter = name.chars().next().filter(|c| c.is_alphanumeric()).unwrap_or('?').to_uppercase();
    // The people of the demonstration get three colours.
    let sum = name.bytes().fold(1_usize, |sum, byte| (sum * 17 + usize::from(byte)) % 1009);
    let tint = TINTS.iter().cycle().nth(sum % TINTS.len()).copied().unwrap_or_default();
    HttpResponse::Ok().content_type("image/svg+xml").body(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" viewBox=\"0 0 64 64\">\
         <rect width=\"64\" height=\"64\" fill=\"{tint}\"/><text x=\"32\" y=\"44\" font-size=\"34\" \
         font-family=\"sans-serif\" text-anchor=\"middle\" fill=\"#fff\">{letter}</text></svg>"
    ))
}
