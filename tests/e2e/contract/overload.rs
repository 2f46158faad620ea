//! A node that is asked for more than it can do.

use std::time::Duration;

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream},
    net::TcpStream,
    task::JoinSet,
    time::Instant,
};

use crate::harness::{Service, Setup, register};

const BODY: &str = r#"{"channel":"official_account","client":"device"}"#;

/// As many as wait at the same time, which is more than a node can do in a moment.
const CLIENTS: u32 = 400;

/// A client that keeps its connection, as a proxy does.
struct Client(BufStream<TcpStream>);

impl Client {
    async fn new(service: &Service) -> Self {
        let to = service.url.trim_start_matches("http://");
        Self(BufStream::new(TcpStream::connect(to).await.unwrap()))
    }

    /// Asks for a login, and returns the answer.
    async fn start_login(&mut self) -> String {
        let head = "POST /v1/logins HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        let request = format!("{head}Content-Length: {}\r\n\r\n{BODY}", BODY.len());
        self.0.write_all(request.as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
        let mut answer = String::new();
        while !answer.ends_with("\r\n\r\n") {
            assert_ne!(self.0.read_line(&mut answer).await.unwrap(), 0, "it goes on: {answer}");
        }
        let length = answer.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let mut body = vec![0; length.parse().unwrap()];
        self.0.read_exact(&mut body).await.unwrap();
        answer + std::str::from_utf8(&body).unwrap()
    }
}

/// What clients got.
#[derive(Default)]
struct Answers {
    started: u32,
    put_off: u32,
    others: u32,
}

/// Has so many clients ask for logins, each as often as `every` says and one after the other.
async fn load(service: &Service, clients: u32, every: Duration, time: Duration) -> Answers {
    let until = Instant::now() + time;
    let mut asking = JoinSet::new();
    for at in 0..clients {
        let mut client = Client::new(service).await;
        asking.spawn(async move {
            let mut answers = Answers::default();
            tokio::time::sleep(every * at / clients).await;
            let mut ticks = tokio::time::interval(every.max(Duration::from_millis(1)));
            while Instant::now() < until {
                let answer = client.start_login().await;
                if answer.starts_with("HTTP/1.1 201 ") {
                    answers.started += 1;
                } else {
                    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
                    assert!(answer.to_lowercase().contains("\r\nretry-after: "), "{answer}");
                    *(if answer.contains("overloaded") {
                        &mut answers.put_off
                    } else {
                        &mut answers.others
                    }) += 1;
                }
                ticks.tick().await;
            }
            answers
        });
    }
    asking.join_all().await.into_iter().fold(Answers::default(), |all, one| Answers {
        started: all.started + one.started,
        put_off: all.put_off + one.put_off,
        others: all.others + one.others,
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_logins_are_put_off_before_anything_else() {
    let service = Setup::default()
        .set("limits.logins_per_ip_burst", 0)
        .set("limits.logins_per_network_per_min", 0)
        .set("limits.logins_per_day", 0)
        .set("limits.connections_per_ip", 0)
        .start()
        .await;
    let (device, token) = register(&service, &service.person("ming")).await;
    let time = Duration::from_secs(4);
    let peak = load(&service, 16, Duration::ZERO, time).await.started;
    let every = time * CLIENTS / (3 * peak.max(1));
    let (checks, answers) =
        tokio::join!(check_sessions(&service, &device, &token, time), load(&service, CLIENTS, every, time));
    println!(
        "overload: {} logins/s at the best; at three times that {} were started, {} put off, {} not for WeChat's sake, \
         which is {} % of the best; {checks} checks of a session were answered",
        peak / 4,
        answers.started,
        answers.put_off,
        answers.others,
        answers.started * 100 / peak
    );
    assert!(answers.started > 0, "everything was put off");
    let answers = load(&service, 2 * CLIENTS, Duration::ZERO, time).await;
    assert!(answers.put_off > 0, "nothing is put off");
}

/// Checks a session for a time and returns how often.
async fn check_sessions(
    service: &Service,
    device: &crate::harness::Device,
    token: &str,
    time: Duration,
) -> u32 {
    let (began, mut checks) = (Instant::now(), 0);
    while began.elapsed() < time {
        // Put off last: only where it is seconds late.
        checks += u32::from(device.session(service, token).await.status == 200);
    }
    checks
}
