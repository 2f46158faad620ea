//! A server that costs little: it reads whole requests and answers each by a function.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::http::{content_length, find};

/// Returns the answer to a request that has come as a whole.
type Answer = fn(&[u8]) -> String;

/// Serves in the background, each answer after a delay, and returns the address.
pub(crate) async fn serve(delay: Duration, answer: Answer) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(answer_all(connection, delay, answer));
        }
    });
    address
}

/// Makes an answer that says that all is well.
pub(crate) fn ok(content_type: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

async fn answer_all(mut connection: TcpStream, delay: Duration, answer: Answer) {
    let _ = connection.set_nodelay(true);
    let (mut bytes, mut filled) = (vec![0; 8192], 0);
    loop {
        match connection.read(&mut bytes[filled..]).await {
            Ok(0) | Err(_) => return,
            Ok(read) => filled += read,
        }
        let Some(head) = find(&bytes[..filled], b"\r\n\r\n") else { continue };
        let length = head + 4 + content_length(&bytes[..head + 4]);
        if filled < length {
            continue;
        }
        let answer = answer(&bytes[..length]);
        filled = 0;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if connection.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}
