use std::{io::ErrorKind, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};

use super::{Direction, Fault, FaultProxy};

const LONG: Duration = Duration::from_secs(20);
const A_WHILE: Duration = Duration::from_millis(200);

/// A server that sends back what it is sent, and the proxy before it.
async fn proxy() -> FaultProxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::before(listener.local_addr().unwrap().port()).unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                let _ = copy(&mut from, &mut to).await;
                let _ = to.shutdown().await;
            });
        }
    });
    proxy
}

async fn connected(proxy: &FaultProxy) -> TcpStream {
    TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap()
}

/// Says something and returns the echo.
async fn echo(stream: &mut TcpStream, text: &str) -> String {
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = vec![0; text.len()];
    timeout(LONG, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    String::from_utf8(answer).unwrap()
}

/// Returns what else arrives until the end, or how that came.
async fn rest(stream: &mut TcpStream) -> Result<String, ErrorKind> {
    let mut answer = String::new();
    let read = timeout(LONG, stream.read_to_string(&mut answer)).await.unwrap();
    read.map(|_| answer).map_err(|error| error.kind())
}

async fn is_silent(stream: &mut TcpStream) -> bool {
    timeout(A_WHILE, stream.read_u8()).await.is_err()
}

#[tokio::test]
async fn without_a_fault_everything_passes_to_the_end() {
    let proxy = proxy().await;
    let mut stream = connected(&proxy).await;
    assert_eq!(echo(&mut stream, "one").await, "one");
    let long = "x".repeat(1_000_000);
    let (mut from, mut to) = stream.split();
    let writing = async {
        to.write_all(long.as_bytes()).await.unwrap();
        to.shutdown().await.unwrap();
    };
    let mut answer = String::new();
    let reading = async { from.read_to_string(&mut answer).await.unwrap() };
    let ((), read) = timeout(LONG, async { tokio::join!(writing, reading) }).await.unwrap();
    assert_eq!((read, answer), (long.len(), long));
}

#[tokio::test]
async fn a_delay_holds_bytes_back_in_its_direction_only() {
    let proxy = proxy().await;
    let mut stream = connected(&proxy).await;
    for (direction, times) in [(Direction::ToServer, 1), (Direction::ToClient, 1), (Direction::Both, 2)] {
        proxy.set(direction, Fault::Delay(A_WHILE));
        let start = Instant::now();
        assert_eq!(echo(&mut stream, "late").await, "late");
        let took = start.elapsed();
        assert!(took >= A_WHILE * times && took < A_WHILE * (times + 1) * 5, "{direction:?}: {took:?}");
        proxy.heal().await;
    }
}

#[tokio::test]
async fn a_cut_comes_after_so_many_bytes_in_its_direction() {
    let proxy = proxy().await;
    for direction in [Direction::ToServer, Direction::ToClient] {
        let mut stream = connected(&proxy).await;
        assert_eq!(echo(&mut stream, "before").await, "before", "what passed before does not count");
        proxy.set(direction, Fault::CutAfter(5));
        assert_eq!(echo(&mut stream, "abc").await, "abc");
        stream.write_all(b"defgh").await.unwrap();
        let said = rest(&mut stream).await;
        match direction {
            Direction::ToServer => assert!(said.is_ok_and(|said| "de".starts_with(&said))),
            Direction::ToClient | Direction::Both => assert_eq!(said, Ok("de".to_owned())),
        }
        proxy.heal().await;
    }
    assert_eq!(echo(&mut connected(&proxy).await, "again").await, "again");
}

#[tokio::test]
async fn a_reset_is_seen_by_the_end_that_it_goes_to() {
    let proxy = proxy().await;
    for direction in [Direction::Both, Direction::ToClient] {
        let mut idle = connected(&proxy).await;
        assert_eq!(echo(&mut idle, "open").await, "open");
        proxy.set(direction, Fault::Reset);
        assert_eq!(rest(&mut idle).await, Err(ErrorKind::ConnectionReset), "{direction:?}");
        assert_eq!(rest(&mut connected(&proxy).await).await, Err(ErrorKind::ConnectionReset));
        proxy.heal().await;
    }
    let mut stream = connected(&proxy).await;
    assert_eq!(echo(&mut stream, "open").await, "open");
    proxy.set(Direction::ToServer, Fault::Reset);
    assert_eq!(rest(&mut stream).await, Ok(String::new()));
}

#[tokio::test]
async fn a_black_hole_swallows_and_stays_open() {
    let proxy = proxy().await;
    for direction in [Direction::Both, Direction::ToServer, Direction::ToClient] {
        let mut old = connected(&proxy).await;
        let mut unused = connected(&proxy).await;
        assert_eq!((echo(&mut old, "x").await, echo(&mut unused, "y").await), ("x".into(), "y".into()));
        proxy.set(direction, Fault::BlackHole);
        old.write_all(b"lost").await.unwrap();
        let mut new = connected(&proxy).await;
        new.write_all(b"lost").await.unwrap();
        assert!(is_silent(&mut old).await && is_silent(&mut new).await, "{direction:?}");
        proxy.heal().await;
        old.write_all(b"lost").await.unwrap();
        assert!(is_silent(&mut old).await, "what has lost bytes is of no use any more");
        assert_eq!(echo(&mut unused, "kept").await, "kept");
        assert_eq!(echo(&mut connected(&proxy).await, "new").await, "new");
    }
}

#[tokio::test]
async fn silence_is_for_what_is_open_and_not_for_what_comes() {
    let proxy = proxy().await;
    for _ in 0..2 {
        let (mut old, mut new) = (connected(&proxy).await, connected(&proxy).await);
        assert_eq!(echo(&mut old, "before").await, "before");
        assert_eq!(echo(&mut new, "before").await, "before");
        proxy.silence();
        old.write_all(b"lost").await.unwrap();
        assert!(is_silent(&mut old).await);
        assert_eq!(echo(&mut connected(&proxy).await, "new").await, "new");
        proxy.heal().await;
        old.write_all(b"lost").await.unwrap();
        assert!(is_silent(&mut old).await, "what has lost bytes is of no use any more");
        assert_eq!(echo(&mut new, "kept").await, "kept");
    }
}

#[tokio::test]
async fn refusing_ends_what_is_open_and_lets_nobody_in_until_it_heals() {
    let proxy = proxy().await;
    for _ in 0..3 {
        let mut open = connected(&proxy).await;
        assert_eq!(echo(&mut open, "open").await, "open");
        proxy.refuse().await;
        assert_eq!(rest(&mut open).await, Err(ErrorKind::ConnectionReset));
        let refused = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        proxy.heal().await;
        assert_eq!(echo(&mut connected(&proxy).await, "again").await, "again");
    }
}

#[tokio::test]
async fn one_message_of_so_many_is_dropped_and_answers_are_not() {
    let proxy = proxy().await;
    proxy.set(Direction::ToClient, Fault::DropMessages { every: 2 });
    let mut stream = connected(&proxy).await;
    let message = |text: &str| format!("*3\r\n$7\r\nmessage\r\n$4\r\nwake\r\n$1\r\n{text}\r\n");
    let said = [message("1"), "+PONG\r\n".to_owned(), message("2"), message("3"), message("4")].concat();
    stream.write_all(said.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let expected = [message("1"), "+PONG\r\n".to_owned(), message("3")].concat();
    assert_eq!(rest(&mut stream).await, Ok(expected));
    assert_eq!(proxy.dropped(), 2);
}

#[tokio::test]
async fn a_server_that_is_away_resets_the_client() {
    let proxy = {
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
        FaultProxy::before(nobody.local_addr().unwrap().port()).unwrap()
    };
    assert_eq!(rest(&mut connected(&proxy).await).await, Err(ErrorKind::ConnectionReset));
}
