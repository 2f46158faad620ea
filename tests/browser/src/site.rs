//! A website of somebody else: one page on a port of its own.

use std::net::Ipv4Addr;

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A running website; it ends when it is dropped.
pub struct Site {
    /// Its origin, such as `http://127.0.0.1:4000`.
    pub url: String,
    listener: Option<TcpListener>,
    serving: Option<JoinHandle<()>>,
}

impl Site {
    /// Takes a free port, so that the page and the service can know each other before either is there.
    pub async fn reserve() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self { url, listener: Some(listener), serving: None }
    }

    /// Answers every request with this page from now on.
    pub fn serve(&mut self, page: String) {
        let listener = self.listener.take().expect("it serves one page");
        self.serving = Some(tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // A browser that hangs up early is no problem of the site.
                let _ = answer(&mut stream, &page).await;
            }
        }));
    }
}

async fn answer(stream: &mut TcpStream, page: &str) -> std::io::Result<()> {
    let mut lines = BufReader::new(&mut *stream).lines();
    while lines.next_line().await?.is_some_and(|line| !line.is_empty()) {}
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n";
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{page}", page.len()).as_bytes()).await
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.abort();
        }
    }
}
