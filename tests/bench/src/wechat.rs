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

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::http::find;

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
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(answer_all(connection, delay));
        }
    });
    address
}

async fn answer_all(mut connection: TcpStream, delay: Duration) {
    let _ = connection.set_nodelay(true);
    let (mut bytes, mut filled) = (vec![0; 8192], 0);
    loop {
        match connection.read(&mut bytes[filled..]).await {
            Ok(0) | Err(_) => return,
            Ok(read) => filled += read,
        }
        let Some(answer) = answer(&bytes[..filled]) else { continue };
        filled = 0;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if connection.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Returns the answer to a request that has come as a whole: the head, and a body that ends with a brace.
fn answer(request: &[u8]) -> Option<String> {
    static CODES: AtomicU64 = AtomicU64::new(0);
    let head = find(request, b"\r\n\r\n")?;
    if request.starts_with(b"POST") && (request.len() == head + 4 || !request.ends_with(b"}")) {
        return None;
    }
    if request.starts_with(b"POST /sms ") {
        let body = String::from_utf8_lossy(&request[head..]);
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
    Some(format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}
