//! A stream of server-sent events.

use reqwest::{RequestBuilder, Response};
use saoma_servers::PATIENCE;
use serde_json::Value;

/// A login's stream, read event by event.
pub(crate) struct Events {
    response: Response,
    unread: String,
}

/// One event of the stream.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: u32,
    pub(crate) json: Value,
}

impl Event {
    /// Returns the login's state.
    pub(crate) fn says(&self) -> &str {
        self.json["state"].as_str().unwrap()
    }
}

impl Events {
    /// Opens a stream, after the event that was seen last.
    pub(crate) async fn open(request: RequestBuilder, last: Option<u32>) -> Self {
        let request = match last {
            Some(last) => request.header("Last-Event-ID", last),
            None => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, unread: String::new() }
    }

    /// Returns the next event, or `None` once the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let (event, rest) = (event(block), rest.to_owned());
                self.unread = rest;
                if event.is_some() {
                    return event;
                }
            }
            let more = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let more = more.expect("the stream goes on").unwrap()?;
            self.unread += std::str::from_utf8(&more).unwrap();
        }
    }
}

/// Reads an event; a comment is none.
fn event(block: &str) -> Option<Event> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = field("data")?;
    assert_eq!(field("event"), Some("state"), "{block}");
    Some(Event { id: field("id").unwrap().parse().unwrap(), json: serde_json::from_str(data).unwrap() })
}
