//! Several nodes that share a database and a Redis.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use saoma_sandbox::Reaction;
use saoma_servers::{MariaDb, Postgres, RedisCluster, RedisServer};

use crate::harness::{
    Answer, Device, Node, Service, Setup, bind_own_phone, eventually, log_in, register, scanned_by_new,
};

/// Two nodes, the first of which the clients talk to and WeChat as well until a test says otherwise.
async fn two_nodes(store: &str, database: &str) -> (Service, Node) {
    let setup = Setup::default().set("store.url", store).set("database.url", database);
    let first = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    let second = first.another_node().await;
    (first, second)
}

/// Starts a login on the first node, has it scanned on the second, and collects it on either.
async fn a_login_over_two_nodes(store: &str, database: &str) {
    let (mut service, second) = two_nodes(store, database).await;
    let (first_url, ming) = (service.url.clone(), service.person("ming"));
    let device = Device::start(&service).await;
    service.tell_wechat_of(&second.url);

    let (scanned, waiting) = tokio::join!(ming.scan(device.qr()), device.wait(&service, 30, 1));
    assert!(
        scanned.unwrap().reply().unwrap().contains("127.0.0.1"),
        "the second node knows who asked the first"
    );
    assert_eq!(waiting.says(), "unregistered");
    service.url.clone_from(&second.url);
    let token = bind_own_phone(&service, &device, &ming).await.token().to_owned();

    service.url = first_url;
    // A node that read the login before has to hear of the change first.
    let registered = eventually("this node has heard of it", async || {
        Some(device.look(&service).await).filter(|login| login.says() == "registered")
    });
    assert_eq!(registered.await.token(), token, "any node issues the same session");
    assert_eq!(device.session(&service, &token).await.status, 200);
    assert_eq!(device.log_out(&service, &token).await.status, 204);
    service.url.clone_from(&second.url);
    let ended = async || Some(device.session(&service, &token).await).filter(|answer| answer.status == 401);
    assert_eq!(eventually("this node has heard of it", ended).await.problem(), "session_invalid");
}

#[tokio::test]
async fn a_login_goes_over_two_nodes_on_redis_and_postgresql() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    a_login_over_two_nodes(&redis.url(), &postgres.url("postgres")).await;
}

#[tokio::test]
async fn a_login_goes_over_two_nodes_on_a_redis_cluster_and_mariadb() {
    let (cluster, mariadb) = (RedisCluster::start().unwrap(), MariaDb::start().unwrap());
    a_login_over_two_nodes(&cluster.url(), &mariadb.url("saoma")).await;
}

#[tokio::test]
async fn another_node_goes_on_when_one_is_killed_after_the_scan() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let (mut service, second) = two_nodes(&redis.url(), &postgres.url("postgres")).await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (_, before) = register(&service, &hong).await;
    let device = Device::start(&service).await;
    ming.scan(device.qr()).await.unwrap();
    service.kill().await;

    service.url.clone_from(&second.url);
    service.tell_wechat_of(&second.url);
    assert_eq!(device.look(&service).await.says(), "unregistered");
    bind_own_phone(&service, &device, &ming).await;
    assert_eq!(device.session(&service, &before).await.status, 200, "sessions made before still work");
}

#[tokio::test]
async fn logins_and_sessions_go_on_while_redis_is_away_and_only_sms_do_not() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let (service, second) = two_nodes(&redis.url(), &postgres.url("postgres")).await;
    let (ming, hong) = (service.person("ming"), service.person("hong"));
    let (_, before) = register(&service, &hong).await;
    let early = Device::start(&service).await;
    drop(redis);

    service.tell_wechat_of(&second.url);
    let (scanned, waiting) = tokio::join!(hong.scan(early.qr()), early.wait(&service, 30, 1));
    assert!(scanned.unwrap().reply().is_some());
    assert_eq!(waiting.says(), "registered", "the database tells who waits");
    assert_eq!(early.session(&service, &before).await.status, 200);
    // One node still knows at once what happened on itself.
    service.tell_wechat_of(&service.url);
    log_in(&service, &hong).await;
    let new = scanned_by_new(&service, &ming).await;
    assert_eq!(new.send_code(&service, ming.phone()).await.problem(), "store_unavailable");
    assert!(!service.is_ready().await);
}

#[tokio::test]
async fn the_same_event_on_two_nodes_is_one() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let (service, second) = two_nodes(&redis.url(), &postgres.url("postgres")).await;
    let ming = service.person("ming");
    let device = Device::start(&service).await;
    let scanned = ming.scan(device.qr()).await.unwrap();
    let Reaction::Sent { event, .. } = scanned else { panic!("WeChat told the service nothing") };
    service.tell_wechat_of(&second.url);
    let again = service.sandbox.resend(event, 16).await.unwrap();
    assert_eq!(again.reply(), scanned.reply());
    assert_eq!(device.look(&service).await.json["version"], 2);
}

/// Two nodes on servers of their own, a person's device with a session that both nodes have cached.
struct Seen {
    redis: RedisServer,
    postgres: Postgres,
    service: Service,
    second: Node,
    device: Device,
    token: String,
}

impl Seen {
    async fn on_both_nodes() -> Self {
        let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
        let (service, second) = two_nodes(&redis.url(), &postgres.url("postgres")).await;
        let (device, token) = register(&service, &service.person("ming")).await;
        let seen = Self { redis, postgres, service, second, device, token };
        assert_eq!((seen.here().await.status, seen.there().await.status), (StatusCode::OK, StatusCode::OK));
        seen
    }

    /// Asks the first node whose session it is.
    async fn here(&self) -> Answer {
        self.device.session(&self.service, &self.token).await
    }

    /// Asks the second node.
    async fn there(&self) -> Answer {
        let request = reqwest::Client::new().get(format!("{}/v1/session", self.second.url));
        Answer::read(request.bearer_auth(&self.token).send().await.unwrap()).await
    }

    /// Returns how often Redis was given a command.
    fn given(&self, command: &str) -> u64 {
        let stats = self.redis.ask(&["INFO", "commandstats"]).unwrap();
        let prefix = format!("cmdstat_{command}:calls=");
        let calls = stats.lines().find_map(|line| line.strip_prefix(&prefix)?.split(',').next());
        calls.map_or(0, |calls| calls.parse().unwrap())
    }

    /// Returns how long it takes until the second node refuses the session.
    #[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
    async fn refused_there_after(&self) -> Duration {
        let start = Instant::now();
        eventually("it is refused", async || (self.there().await.status == 401).then_some(())).await;
        start.elapsed()
    }
}

#[tokio::test]
async fn a_session_that_was_ended_on_one_node_is_refused_on_another_within_a_second() {
    for way in ["/v1/session", "/v1/sessions/{id}", "/v1/sessions"] {
        let seen = Seen::on_both_nodes().await;
        let (device, service) = (&seen.device, &seen.service);
        let list = device.with_session(service, Method::GET, "/v1/sessions", &seen.token).await;
        let path = way.replace("{id}", list.json["sessions"][0]["id"].as_str().unwrap());
        let ended = device.with_session(service, Method::DELETE, &path, &seen.token).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT, "{}", ended.text);
        let late = seen.refused_there_after().await;
        println!("DELETE {way}: refused on the other node after {late:?}");
        assert!(late < Duration::from_secs(1), "{late:?}");
    }
}

#[tokio::test]
async fn checks_of_a_session_cost_one_command_of_redis_at_most_and_no_query() {
    let mut seen = Seen::on_both_nodes().await;
    // On a busy machine Redis may have answered too late to take the first entry.
    eventually("the session is cached", async || {
        let reads = seen.given("get");
        let sets = seen.given("set");
        seen.here().await;
        (seen.given("get") > reads && seen.given("set") == sets).then_some(())
    })
    .await;
    seen.postgres.kill();
    let before = ["get", "set", "evalsha"].map(|command| seen.given(command));
    for _ in 0..50 {
        assert_eq!(seen.here().await.status, StatusCode::OK, "the database is away");
        assert_eq!(seen.there().await.status, StatusCode::OK);
    }
    let after = ["get", "set", "evalsha"].map(|command| seen.given(command));
    // A node remembers for a second what Redis told it.
    assert!(after[0] <= before[0] + 100, "{before:?} {after:?}");
    assert_eq!(after[1..], before[1..]);

    seen.redis.ask(&["FLUSHALL"]).unwrap();
    let is_refused = async || (seen.here().await.status == 503).then_some(());
    eventually("neither cache nor database answers", is_refused).await;
    assert_eq!(seen.here().await.problem(), "store_unavailable");
    seen.postgres.restart().unwrap();
    eventually("the database serves again", async || (seen.here().await.status == 200).then_some(())).await;
    assert_eq!(seen.there().await.status, StatusCode::OK, "nothing was lost with the cache");
    assert_eq!(seen.device.log_out(&seen.service, &seen.token).await.status, StatusCode::NO_CONTENT);
    let ended = async || Some(seen.there().await).filter(|answer| answer.status == 401);
    assert_eq!(eventually("the other node has heard of it", ended).await.problem(), "session_invalid");
}

#[tokio::test]
async fn other_nodes_are_told_of_an_ended_session_as_soon_as_they_can_be() {
    let seen = Seen::on_both_nodes().await;
    seen.redis.ask(&["ACL", "SETUSER", "default", "-eval", "-evalsha"]).unwrap();
    assert_eq!(seen.device.log_out(&seen.service, &seen.token).await.status, StatusCode::NO_CONTENT);
    assert_eq!(seen.there().await.status, StatusCode::OK, "it goes by its cache");
    seen.redis.ask(&["ACL", "SETUSER", "default", "+eval", "+evalsha"]).unwrap();
    let late = seen.refused_there_after().await;
    println!("refused on the other node {late:?} after Redis takes writes again");
    assert!(late < Duration::from_secs(4), "{late:?}");
}
