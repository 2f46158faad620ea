//! Connections of clients that do not go on: silent ones, dripping ones, and those that do not read.

use std::{fs, io, net::SocketAddr, time::Duration};

use futures_util::future::join_all;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    io::{AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinSet,
};

use crate::harness::{Device, PATIENCE, Service, Setup, eventually};

const UNFINISHED: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
const HALF_HEAD: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half";

/// Connects to a service from an address of this machine.
async fn connect(service: &Service, from: &str) -> io::Result<TcpStream> {
    let to: SocketAddr = service.url.trim_start_matches("http://").parse().unwrap();
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(from.parse().unwrap(), 0))?;
    socket.set_recv_buffer_size(4096)?;
    socket.connect(to).await
}

/// Sends bytes on a new connection, which is returned with what becomes of it left open.
async fn sent(service: &Service, from: &str, bytes: &str) -> TcpStream {
    let mut stream = connect(service, from).await.unwrap();
    // One that is not admitted may be closed by now.
    let _ = stream.write_all(bytes.as_bytes()).await;
    stream
}

/// Asks for the health of the service on a connection, and returns the head of the answer.
async fn ask(stream: &mut TcpStream) -> io::Result<String> {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await?;
    let mut answer = vec![0; 4096];
    let bytes = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..bytes]).into_owned())
}

/// Sends a byte of a body every now and then for as long as that is possible.
async fn drip(mut stream: impl AsyncWrite + Unpin) {
    while stream.write_all(b"1\r\nx\r\n").await.is_ok() {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Returns once the service has hung up.
async fn hung_up(mut stream: TcpStream) -> String {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    String::from_utf8_lossy(&rest).into_owned()
}

/// Lets this process have as many connections as the tests need.
fn many_files() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
}

fn memory(service: &Service) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", service.process())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

fn open_files(service: &Service) -> usize {
    fs::read_dir(format!("/proc/{}/fd", service.process())).unwrap().count()
}

#[tokio::test]
async fn an_address_with_3300_unfinished_requests_shuts_no_other_out() {
    many_files();
    let service = Setup::default().files(1024).start().await;
    let mut dripping = JoinSet::new();
    let mut open = Vec::new();
    for _ in 0..1100 {
        open.push(connect(&service, "127.0.0.1").await.unwrap());
        open.push(sent(&service, "127.0.0.1", HALF_HEAD).await);
        dripping.spawn(drip(sent(&service, "127.0.0.1", UNFINISHED).await));
    }
    let newcomer = async { ask(&mut connect(&service, "127.0.0.2").await?).await };
    let answer = tokio::time::timeout(Duration::from_secs(1), newcomer).await.expect("within a second");
    assert!(answer.as_ref().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 ")), "{answer:?}");
    eventually("the address has 200 connections at the most", async || {
        (open_files(&service) < 300).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_trusted_proxy_has_as_many_connections_as_it_needs() {
    let service = Setup::default()
        .set("limits.connections_per_ip", 3)
        .set("server.trusted_proxies", "127.0.0.2")
        .start()
        .await;
    for (from, answered) in [("127.0.0.1", 3), ("127.0.0.2", 20)] {
        let mut open = Vec::new();
        for _ in 0..20 {
            let mut stream = connect(&service, from).await.unwrap();
            if ask(&mut stream).await.is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 ")) {
                open.push(stream);
            }
        }
        assert_eq!(open.len(), answered, "{from}");
    }
    eventually("places are free again", async || {
        let mut stream = connect(&service, "127.0.0.1").await.unwrap();
        ask(&mut stream).await.ok().filter(|answer| answer.starts_with("HTTP/1.1 200 "))
    })
    .await;
}

#[tokio::test]
async fn a_request_that_does_not_go_on_is_closed_whatever_it_is_for() {
    let service = Setup::default().start().await;
    let device = Device::start(&service).await;
    let wait = format!("/v1/logins/{}?wait=60", device.id);
    let mut open = JoinSet::new();
    let head = |line: &str, more: &str| {
        let token = &device.poll_token;
        format!("{line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{more}\r\n")
    };
    for line in
        ["GET /healthz", "GET /nope", "GET /docs/", "POST /v1/logins", "DELETE /v1/session", "POST /healthz"]
            .into_iter()
            .chain([format!("GET {wait}").as_str()])
    {
        let (chunked, long) = ("Transfer-Encoding: chunked\r\n", "Content-Length: 9\r\n");
        for body in [head(line, chunked), head(line, chunked) + "1\r\nx\r\n", head(line, long) + "x"] {
            let stream = sent(&service, "127.0.0.1", &body).await;
            open.spawn(hung_up(stream));
        }
        let mut dripped = sent(&service, "127.0.0.1", &head(line, chunked)).await;
        open.spawn(async move {
            let (mut answer, mut body) = dripped.split();
            let mut rest = Vec::new();
            tokio::select! {
                _ = answer.read_to_end(&mut rest) => {}
                () = drip(&mut body) => {}
            }
            String::new()
        });
    }
    for head in ["", "G", HALF_HEAD] {
        open.spawn(hung_up(sent(&service, "127.0.0.1", head).await));
        // The second request of a connection has the same deadline as the first.
        if !head.is_empty() {
            let mut second = connect(&service, "127.0.0.1").await.unwrap();
            ask(&mut second).await.unwrap();
            second.write_all(head.as_bytes()).await.unwrap();
            open.spawn(hung_up(second));
        }
    }
    tokio::time::timeout(PATIENCE, open.join_all()).await.expect("all of them are closed");
}

#[tokio::test]
async fn a_thousand_clients_that_do_not_read_hold_little_and_are_closed() {
    many_files();
    let service = Setup::default().set("limits.connections_per_ip", 0).start().await;
    let files = open_files(&service);
    let large = "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n";
    // What one answer needs at all is there from now on.
    drop(
        hung_up(
            sent(&service, "127.0.0.1", &large.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).await,
        )
        .await,
    );
    let before = memory(&service);
    let open = join_all((0..1000).map(|_| sent(&service, "127.0.0.1", large))).await;
    eventually("they are all answered", async || {
        let line = "route=\"/openapi.json\",status=\"200\",method=\"GET\"} 1001";
        let metrics =
            reqwest::get(format!("{}/metrics", service.admin_url)).await.unwrap().text().await.unwrap();
        metrics.contains(line).then_some(())
    })
    .await;
    let more = memory(&service).saturating_sub(before);
    println!("{} KiB for each of 1,000 unread answers", more / 1024 / 1000);
    assert!(more < 64 << 20, "{more} bytes more");
    eventually("they are closed", async || (open_files(&service) < files + 50).then_some(())).await;
    drop(open);
}
