//! Calls of an application in this process.

use std::{future::Future, net::SocketAddr, pin::Pin, rc::Rc};

use actix_http::Request;
use actix_web::{
    Error,
    body::{MessageBody, to_bytes},
    dev::{Service, ServiceResponse},
    http::Method,
    test::TestRequest,
};
use serde_json::Value;

/// Where all calls of tests come from.
const CLIENT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 40_000);

/// One call.
#[derive(Clone, Debug)]
pub struct TestCall {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
}

/// The answer to a call.
#[derive(Clone, Debug)]
pub struct TestAnswer {
    /// The status, such as 200.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub text: String,
}

impl TestAnswer {
    /// Returns the first header of this name, which is written in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

/// What answers calls: every service that `actix_web::test::init_service` makes.
pub trait TestedApp {
    /// Answers a call.
    fn call(&self, call: TestCall) -> Pin<Box<dyn Future<Output = TestAnswer> + '_>>;
}

impl<S, B> TestedApp for S
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    fn call(&self, call: TestCall) -> Pin<Box<dyn Future<Output = TestAnswer> + '_>> {
        let request = TestRequest::with_uri(&call.path).method(call.method).peer_addr(CLIENT);
        let request = call.headers.into_iter().fold(request, TestRequest::append_header);
        let request = if call.body.is_empty() { request } else { request.set_payload(call.body) };
        let answer = Service::call(self, request.to_request());
        Box::pin(async move {
            match answer.await {
                Ok(answer) => {
                    let (_, answer) = answer.into_parts();
                    let (status, headers) = (answer.status().as_u16(), texts(answer.headers()));
                    let body = to_bytes(answer.into_body()).await.unwrap_or_default();
                    TestAnswer { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
                }
                Err(error) => {
                    let status = error.as_response_error().status_code().as_u16();
                    TestAnswer { status, headers: Vec::new(), text: error.to_string() }
                }
            }
        })
    }
}

/// An application in this process, started by [`TestWorld::app`](crate::TestWorld::app); a clone is the same one.
#[derive(Clone)]
pub struct TestApp(Rc<dyn TestedApp>);

impl TestApp {
    pub(crate) fn new(app: impl TestedApp + 'static) -> Self {
        Self(Rc::new(app))
    }
}

impl TestedApp for TestApp {
    fn call(&self, call: TestCall) -> Pin<Box<dyn Future<Output = TestAnswer> + '_>> {
        self.0.call(call)
    }
}

fn texts(headers: &actix_web::http::header::HeaderMap) -> Vec<(String, String)> {
    let text = |value: &actix_web::http::header::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}
