//! HTTP/1.1 with as little work as possible, so that what is measured is the server.

use std::{io, net::SocketAddr, ops::Range};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
    body: Range<usize>,
}

/// An answer, which lies in its connection's buffer.
pub(crate) struct Answer<'c> {
    pub(crate) status: u16,
    pub(crate) body: &'c [u8],
}

impl Answer<'_> {
    /// Returns the status and the body as a text.
    pub(crate) fn said(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(self.body))
    }

    /// Returns the text between the first `before` in the body and the next quotation mark.
    pub(crate) fn text_after(&self, before: &str) -> Option<String> {
        let begin = find(self.body, before.as_bytes())? + before.len();
        let end = self.body[begin..].iter().position(|byte| *byte == b'"')?;
        Some(String::from_utf8_lossy(&self.body[begin..begin + end]).into_owned())
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 1024], filled: 0, body: 0..0 })
    }

    /// Sends the bytes of one request, and returns its answer.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        self.send(request).await?;
        self.filled = 0;
        let head = self.read_until(b"\r\n\r\n").await?;
        self.body = head..head + content_length(&self.buffer[..head]);
        while self.filled < self.body.end {
            self.read().await?;
        }
        Ok(self.last())
    }

    /// Returns the last answer once more.
    pub(crate) fn last(&self) -> Answer<'_> {
        let status = std::str::from_utf8(&self.buffer[9..12]).ok().and_then(|status| status.parse().ok());
        Answer { status: status.unwrap_or_default(), body: &self.buffer[self.body.clone()] }
    }

    /// Returns whether the head of the last answer has a name, which is given with its colon.
    pub(crate) fn last_head_has(&self, name: &str) -> bool {
        self.buffer[..self.body.start]
            .to_ascii_lowercase()
            .windows(name.len())
            .any(|found| found == name.as_bytes())
    }

    /// Returns what follows some text in the head of the last answer, up to the next `&` or the end of its line.
    pub(crate) fn last_head_value(&self, before: &str) -> Option<String> {
        let head = &self.buffer[..self.body.start];
        let value = &head[find(head, before.as_bytes())? + before.len()..];
        let end = value.iter().position(|byte| matches!(byte, b'&' | b'\r'))?;
        Some(String::from_utf8_lossy(&value[..end]).into_owned())
    }

    /// Sends the bytes of one request, whose answer comes later.
    pub(crate) async fn send(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await
    }

    /// Waits until what has come since the request has some words in it, and returns all of it.
    pub(crate) async fn until(&mut self, words: &[u8]) -> io::Result<&[u8]> {
        self.read_until(words).await?;
        Ok(&self.buffer[..self.filled])
    }

    /// Opens an answer that goes on, and returns once its head is there.
    ///
    /// # Panics
    /// When it has another status than 200.
    pub(crate) async fn open_stream(&mut self, request: &[u8]) -> io::Result<()> {
        self.send(request).await?;
        self.filled = 0;
        self.body = self.read_until(b"\r\n\r\n").await?..self.filled;
        assert_eq!(self.last().status, 200, "{}", self.last().said());
        self.forget();
        Ok(())
    }

    /// Forgets what has come so far, and keeps as little room as a connection that waits needs.
    fn forget(&mut self) {
        self.filled = 0;
        self.buffer.resize(1024, 0);
        self.buffer.shrink_to_fit();
    }

    async fn read_until(&mut self, words: &[u8]) -> io::Result<usize> {
        let mut looked = 0;
        loop {
            if let Some(at) = find(&self.buffer[looked..self.filled], words) {
                return Ok(looked + at + words.len());
            }
            looked = self.filled.saturating_sub(words.len());
            self.read().await?;
        }
    }

    async fn read(&mut self) -> io::Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        let read = self.stream.read(&mut self.buffer[self.filled..]).await?;
        self.filled += read;
        if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// Returns where some bytes begin.
pub(crate) fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Returns what the head of a request or an answer says about its body.
pub(crate) fn content_length(head: &[u8]) -> usize {
    let lines = head.split(|byte| *byte == b'\n');
    let mut values = lines.filter_map(|line| {
        let (name, value) = line.split_at_checked(15)?;
        name.eq_ignore_ascii_case(b"content-length:").then_some(value)
    });
    let value = values.next().and_then(|value| std::str::from_utf8(value).ok());
    value.and_then(|value| value.trim().parse().ok()).unwrap_or(0)
}

/// Writes a request, with more lines for its head, each with its end.
pub(crate) fn request(method: &str, path: &str, lines: &str, body: &str) -> Vec<u8> {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let head = "Host: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) bench/1\r\nAccept: */*\r\n";
    format!("{method} {path} HTTP/1.1\r\n{head}{lines}{length}\r\n{body}").into_bytes()
}
