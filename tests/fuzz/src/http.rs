//! The endpoints, called in this process.

use std::{cell::RefCell, mem::ManuallyDrop, net::IpAddr, rc::Rc, str::FromStr, sync::Arc};

use actix_web::{
    App,
    body::to_bytes,
    dev::Service,
    http::{Method, StatusCode, Uri, header, header::HeaderValue},
    rt::Runtime,
    test::{TestRequest, init_service},
};
use futures_util::future::LocalBoxFuture;
use saoma_api::{Adapters, build, config::Config};
use saoma_domain::{login::LoginId, ports::LoginCache};
use saoma_testing::Fakes;

pub(crate) const CREDENTIALS: &[&[u8]] = &[
    b"saoma_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nBearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    b"a=b; saoma_session=\"x\"; saoma_session=y; __Host-saoma_session=z\nbearer  x",
    b"saoma_login=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA; saoma_browser=B\nBasic YTpi",
];

pub(crate) const CALLS: &[&[u8]] = &[
    b"\x00\n{\"channel\":\"official_account\",\"client\":\"device\",\"app\":\"main\",\"purpose\":\"pc-web\",\"qr_format\":\"png\"}",
    b"\x00\n{\"channel\":\"website\",\"return_to\":\"/a?b=c\"}",
    b"\x00\n{\"channel\":\"mini_program\",\"code\":\"071AbC\"}",
    b"\x01signature=f464&timestamp=1763610000&nonce=1&echostr=42&encrypt_type=aes&msg_signature=%20\n<xml></xml>",
    b"\x02code=041aBc&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
    b"\x03channel=website&app=site&return_to=%2Fhello\n",
    b"\x04\n{\"phone\":\"+8613800138000\",\"code\":\"123456\"}",
    b"\x05wait=0&since=1\n",
];

pub(crate) const ADDRESSES: &[&[u8]] = &[
    b"198.51.100.1",
    b"1.2.3.4, 198.51.100.1:80, 10.0.0.7",
    b"\"[2001:db8::1]:80\",unknown,::ffff:10.0.0.9, 10.0.0.8",
    b"198.51.100.1\xff,10.0.0.1 ,\t10.0.0.2",
];

const PEER: [u8; 4] = [10, 0, 0, 1];

/// After so many calls everything begins anew, since each may leave something behind.
const CALLS_OF_A_NODE: u32 = 5000;

type Answer = (StatusCode, actix_web::http::header::HeaderMap, actix_web::web::Bytes);
type Call = Rc<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Answer>>;

struct Node {
    call: Call,
    cache: Arc<dyn LoginCache>,
    calls_left: u32,
}

// Neither is dropped where a thread ends: each needs what is gone by then.
thread_local! {
    static RUNTIME: ManuallyDrop<Runtime> = ManuallyDrop::new(Runtime::new().expect("a runtime"));
    static NODE: RefCell<ManuallyDrop<Option<Node>>> = const { RefCell::new(ManuallyDrop::new(None)) };
}

impl Node {
    async fn start() -> Self {
        let fakes = Fakes::new();
        let adapters = Adapters::in_process(fakes.ports(), &fakes.database);
        let saoma = build(config(), adapters);
        let service = Rc::new(init_service(App::new().service(saoma.service())).await);
        let call = move |request: TestRequest| -> LocalBoxFuture<'static, Answer> {
            let answer = service.call(request.to_request());
            Box::pin(async move {
                let answer = answer.await.expect("every error is an answer");
                let (status, headers) = (answer.status(), answer.headers().clone());
                let body = to_bytes(answer.into_body()).await.unwrap_or_default();
                (status, headers, body)
            })
        };
        Self { call: Rc::new(call), cache: fakes.login_cache.clone(), calls_left: CALLS_OF_A_NODE }
    }
}

fn config() -> Config {
    let key = "a".repeat(43);
    let settings = [
        ("SERVER__KEY", "5a".repeat(32)),
        ("SERVER__TRUSTED_PROXIES", "10.0.0.0/8".to_owned()),
        ("LIMITS__LOGINS_PER_IP_BURST", "0".to_owned()),
        ("LIMITS__LOGINS_PER_NETWORK_PER_MIN", "0".to_owned()),
        ("LIMITS__LOGINS_PER_DAY", "0".to_owned()),
        ("WECHAT__APPS__0__NAME", "main".to_owned()),
        ("WECHAT__APPS__0__KIND", "official_account".to_owned()),
        ("WECHAT__APPS__0__APP_ID", "wx0000000000000001".to_owned()),
        ("WECHAT__APPS__0__SECRET", "secret".to_owned()),
        ("WECHAT__APPS__0__TOKEN", "token".to_owned()),
        ("WECHAT__APPS__0__ENCODING_AES_KEY", key),
        ("WECHAT__APPS__1__NAME", "site".to_owned()),
        ("WECHAT__APPS__1__KIND", "website".to_owned()),
        ("WECHAT__APPS__1__APP_ID", "wx0000000000000002".to_owned()),
        ("WECHAT__APPS__1__SECRET", "secret".to_owned()),
        ("WECHAT__APPS__2__NAME", "mini".to_owned()),
        ("WECHAT__APPS__2__KIND", "mini_program".to_owned()),
        ("WECHAT__APPS__2__APP_ID", "wx0000000000000003".to_owned()),
        ("WECHAT__APPS__2__SECRET", "secret".to_owned()),
    ];
    let settings = settings.map(|(name, value)| (format!("SAOMA__{name}"), value));
    Config::load(None, settings).expect("the settings are right")
}

/// Makes a call and returns its answer, which has an id, and a problem's form where it is one.
fn answered(request: TestRequest) -> (Answer, Arc<dyn LoginCache>) {
    RUNTIME.with(|runtime| {
        let node = NODE.with_borrow_mut(|slot| {
            let node = match slot.take().filter(|node| node.calls_left > 0) {
                Some(node) => node,
                None => runtime.block_on(Node::start()),
            };
            let kept = (Rc::clone(&node.call), Arc::clone(&node.cache));
            **slot = Some(Node { calls_left: node.calls_left - 1, ..node });
            kept
        });
        let (call, cache) = node;
        let answer = runtime.block_on(call(request.peer_addr((PEER, 4711).into())));
        let (status, headers, body) = &answer;
        assert!(headers.contains_key("x-request-id"), "{status}");
        assert!(*status != StatusCode::INTERNAL_SERVER_ERROR, "{}", String::from_utf8_lossy(body));
        if status.is_client_error() || status.is_server_error() {
            let problem: serde_json::Value = serde_json::from_slice(body).expect("a problem");
            assert!(problem["code"].is_string() && problem["status"] == status.as_u16(), "{problem}");
        }
        (answer, cache)
    })
}

/// No credentials that nobody issued let anyone in.
pub fn cookies_and_tokens(data: &[u8]) {
    let (cookie, authorization) = halves(data);
    let with_credentials = |request: TestRequest| {
        [(header::COOKIE, cookie), (header::AUTHORIZATION, authorization)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, HeaderValue::from_bytes(value).ok()?)))
            .fold(request, TestRequest::insert_header)
    };
    let id = "A".repeat(LoginId::CHARS);
    for (method, path) in [
        (Method::GET, "/v1/session".to_owned()),
        (Method::DELETE, "/v1/session".to_owned()),
        (Method::GET, "/v1/sessions".to_owned()),
        (Method::GET, format!("/v1/logins/{id}")),
        (Method::GET, format!("/v1/oauth/callback?code=c&state={id}")),
    ] {
        let request = TestRequest::default().method(method.clone()).uri(&path);
        let ((status, ..), _) = answered(with_credentials(request));
        let ends_nothing = method == Method::DELETE && status == StatusCode::NO_CONTENT;
        assert!(ends_nothing || !status.is_success(), "{method} {path}: {status}");
    }
}

/// No query and no body is answered with more than a refusal that says why, and no stranger is believed.
pub fn queries_and_forms(data: &[u8]) {
    let (head, body) = halves(data);
    let (route, query) = head.split_first().unwrap_or((&0, &[]));
    let query: String = query
        .iter()
        .filter(|byte| byte.is_ascii_graphic() && **byte != b'#')
        .map(|b| char::from(*b))
        .collect();
    let id = "A".repeat(LoginId::CHARS);
    let (method, path) = match route % 6 {
        0 => (Method::POST, "/v1/logins".to_owned()),
        1 => (Method::POST, "/wechat/main/callback".to_owned()),
        2 => (Method::GET, "/v1/oauth/callback".to_owned()),
        3 => (Method::GET, "/v1/oauth/authorize".to_owned()),
        4 => (Method::POST, format!("/v1/logins/{id}/phone")),
        _ => (Method::GET, format!("/v1/logins/{id}")),
    };
    let uri = format!("{path}?{query}");
    if Uri::from_str(&uri).is_err() {
        return;
    }
    let request =
        TestRequest::default().method(method).uri(&uri).insert_header(("Content-Type", "application/json"));
    let ((status, ..), _) = answered(request.set_payload(body.to_vec()));
    assert!(path != "/wechat/main/callback" || status.is_client_error(), "{status}");
}

/// The client is the last hop that no trusted proxy is; one that cannot be read ends the walk.
pub fn forwarded_for(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let request = TestRequest::post()
        .uri("/v1/logins")
        .insert_header((header::X_FORWARDED_FOR, value))
        .insert_header(("Content-Type", "application/json"))
        .set_payload(r#"{"channel":"website","client":"device"}"#);
    let ((status, _, body), cache) = answered(request);
    assert_eq!(status, StatusCode::CREATED);
    let started: serde_json::Value = serde_json::from_slice(&body).expect("a login");
    let id = LoginId::from_store(started["id"].as_str().expect("an id")).expect("an id");
    let context = RUNTIME.with(|runtime| runtime.block_on(cache.context(id)));
    let client = context.ok().flatten().expect("it was begun just now").client_info.ip;
    let expected = client_behind(data).to_string();
    assert_eq!(client, expected);
}

fn client_behind(hops: &[u8]) -> IpAddr {
    let mut client = IpAddr::from(PEER);
    for hop in hops.rsplit(|byte| *byte == b',') {
        let is_trusted = matches!(client, IpAddr::V4(v4) if v4.octets()[0] == 10);
        let hop = std::str::from_utf8(hop).unwrap_or_default().trim();
        let read = hop.parse().or_else(|_| hop.parse().map(|socket: std::net::SocketAddr| socket.ip()));
        match read {
            Ok(hop) if is_trusted => client = IpAddr::to_canonical(&hop),
            Ok(_) | Err(_) => break,
        }
    }
    client
}

fn halves(data: &[u8]) -> (&[u8], &[u8]) {
    let at = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (first, rest) = data.split_at(at);
    (first, rest.get(1..).unwrap_or_default())
}
