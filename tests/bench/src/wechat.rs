//! A WeChat that costs little: it answers the two calls of a login by QR code, and anything else with success. It also
//! is where SMS go.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::answering;

/// Where SMS are posted to, below the address.
pub(crate) const SMS: &str = "/sms";

/// The last code that each phone was sent.
static SMS_CODES: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);

/// Returns the last code that a phone was sent, once.
pub(crate) fn sms_code(phone: &str) -> Option<String> {
    SMS_CODES.lock().unwrap().as_mut()?.remove(phone)
}

/// Serves in the background, each answer after a delay, and returns the address.
pub(crate) async fn serve(delay: Duration) -> SocketAddr {
    answering::serve(delay, answer).await
}

fn answer(request: &[u8]) -> String {
    static CODES: AtomicU64 = AtomicU64::new(0);
    if request.starts_with(b"POST /sms ") {
        let body = String::from_utf8_lossy(request);
        let value =
            |name: &str| Some(body.split_once(&format!("\"{name}\":\""))?.1.split_once('"')?.0.to_owned());
        if let (Some(phone), Some(code)) = (value("phone"), value("code")) {
            SMS_CODES.lock().unwrap().get_or_insert_default().insert(phone, code);
        }
    }
    let number = CODES.fetch_add(1, Ordering::Relaxed);
    let body = if request.starts_with(b"POST /cgi-bin/qrcode/create") {
        let ticket =
            format!("gQH47joAAAAAAAAAASxodHRwOi8vd2VpeGluLnFxLmNvbS9xL2taZ2Z3TVRtNzJXV1Brb3ZhYm{number:018}");
        format!(
            "{{\"ticket\":\"{ticket}\",\"expire_seconds\":1800,\"url\":\"http://weixin.qq.com/q/{number:022}\"}}"
        )
    } else if request.starts_with(b"POST /cgi-bin/stable_token") {
        "{\"access_token\":\"bench-access-token\",\"expires_in\":7200}".to_owned()
    } else {
        "{\"errcode\":0,\"errmsg\":\"ok\"}".to_owned()
    };
    answering::ok("application/json", &body)
}
