//! A phone of WeChat's: it opens links of the chat and sends their forms.

use std::sync::LazyLock;

use reqwest::RequestBuilder;

use super::{Answer, PUBLIC_URL, Service, http::http};

static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| http("Mozilla/5.0 MicroMessenger/8.0.50"));

/// A phone at an address, as a trusted proxy names it.
pub(crate) struct Phone {
    address: &'static str,
}

impl Phone {
    pub(crate) fn new() -> Self {
        Self { address: "127.0.0.1" }
    }

    pub(crate) fn at(address: &'static str) -> Self {
        Self { address }
    }

    pub(crate) async fn open(&self, service: &Service, path: &str) -> Answer {
        self.send_request(HTTP.get(format!("{}{path}", service.url))).await
    }

    pub(crate) async fn send(&self, service: &Service, path: &str, form: &[(&str, &str)]) -> Answer {
        let form = form.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let request = HTTP.post(format!("{}{path}", service.url)).body(form);
        self.send_request(request.header("content-type", "application/x-www-form-urlencoded")).await
    }

    /// Taps "log in" on the page of a link.
    pub(crate) async fn yes(&self, service: &Service, path: &str) -> Answer {
        self.send(service, path, &[("answer", "yes")]).await
    }

    /// Taps "refuse".
    pub(crate) async fn no(&self, service: &Service, path: &str) -> Answer {
        self.send(service, path, &[("answer", "no")]).await
    }

    /// Enters digits.
    pub(crate) async fn enter(&self, service: &Service, path: &str, number: &str) -> Answer {
        self.send(service, path, &[("answer", "yes"), ("number", number)]).await
    }

    async fn send_request(&self, request: RequestBuilder) -> Answer {
        let request = request.header("accept", "text/html").header("accept-language", "zh-CN");
        let request = request.header("x-forwarded-for", self.address);
        Answer::read(request.send().await.unwrap()).await
    }
}

/// Returns the path of a link in a message of the chat.
pub(crate) fn link(said: &str, page: &str) -> String {
    let (_, after) = said.split_once(&format!("{PUBLIC_URL}{page}")).expect("there is a link");
    format!("{page}{}", after.split('"').next().unwrap())
}

/// Returns the number that a client shows.
pub(crate) fn shown(answer: &Answer) -> String {
    answer.json["confirm"]["number"].as_str().expect("there is a number").to_owned()
}

/// Returns two other digits.
pub(crate) fn other_than(number: &str) -> &'static str {
    if number == "47" { "74" } else { "47" }
}
