//! A Redis that others can read and write, and one that takes no writes any more.

use std::collections::BTreeSet;

use saoma_servers::RedisServer;

use crate::harness::{
    Device, Service, Setup, eventually, log_in, register, register_by_mini_program, register_by_website,
    scanned_by_new,
};

/// Starts a service with every channel on a Redis of its own.
async fn service() -> (RedisServer, Service) {
    let redis = RedisServer::start(&[]).unwrap();
    let setup = Setup::every_channel().set("store.url", redis.url());
    let service = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    (redis, service)
}

fn keys(redis: &RedisServer, pattern: &str) -> BTreeSet<String> {
    redis.ask(&["KEYS", pattern]).unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn redis_shows_nothing_of_those_who_came_through_every_entry_point() {
    let (redis, service) = service().await;
    let [ming, hong, lan, wei] = ["ming", "hong", "lan", "wei"].map(|name| service.person(name));
    let (device, token) = register(&service, &ming).await;
    device.session(&service, &token).await;
    register_by_website(&service, &hong).await;
    let (program, session) = register_by_mini_program(&service, &lan).await;
    program.session(&service, &session).await;
    let waiting = scanned_by_new(&service, &wei).await;
    assert_eq!(waiting.send_code(&service, wei.phone()).await.status, 202);

    let mut dump = String::new();
    for key in keys(&redis, "*") {
        dump += &format!("{key}\n{}\n", redis.ask(&["GET", &key]).unwrap());
    }
    for kind in ["login:{", "session:{", "limit:", ":sms_code", "access_token:{"] {
        assert!(dump.contains(kind), "{kind} is searched: {dump}");
    }
    for person in [&ming, &hong, &lan, &wei] {
        let apps = ["main", "site", "mini"].map(|app| person.openid(app).unwrap());
        let number = person.phone().trim_start_matches("+86").to_owned();
        for canary in apps.into_iter().chain([number, person.unionid()]) {
            assert!(!dump.contains(&canary), "{canary} of {} in {dump}", person.name());
        }
    }
    for canary in ["living-room-tv", "Chrome", "Mozilla", "127.0.0.1"] {
        assert!(!dump.contains(canary), "{canary} in {dump}");
    }
}

#[tokio::test]
async fn what_was_copied_over_in_redis_logs_nobody_in() {
    let (redis, service) = service().await;
    let (ming, mallory) = (service.person("ming"), service.person("mallory"));
    let before = keys(&redis, "saoma:session:*");
    let (device, token) = register(&service, &ming).await;
    device.session(&service, &token).await;
    let mings = keys(&redis, "saoma:session:*");
    let (attacker, own) = register(&service, &mallory).await;
    attacker.session(&service, &own).await;
    let both = keys(&redis, "saoma:session:*");
    let [from, to] =
        [(&mings, &before), (&both, &mings)].map(|(now, then)| now.difference(then).next().unwrap());
    redis.ask(&["COPY", from, to, "REPLACE"]).unwrap();
    let seen = attacker.session(&service, &own).await;
    assert_eq!(
        seen.json["account"]["id"],
        attacker.look(&service).await.json["account"]["id"],
        "{}",
        seen.text
    );

    let (logged_in, _) = log_in(&service, &ming).await;
    let waits = Device::start(&service).await;
    let key = |device: &Device| format!("saoma:login:{{{}}}", device.id);
    redis.ask(&["COPY", &key(&logged_in), &key(&waits), "REPLACE"]).unwrap();
    assert_eq!(waits.look(&service).await.says(), "loop");
}

#[tokio::test]
async fn who_waits_is_told_by_the_database_when_redis_has_become_a_replica() {
    let (redis, service) = service().await;
    let (successor, ming) = (RedisServer::start(&[]).unwrap(), service.person("ming"));
    let second = service.another_node().await;
    let (device, token) = register(&service, &ming).await;
    assert_eq!(device.session(&service, &token).await.status, 200);
    let waits = Device::start(&service).await;
    let port = |server: &RedisServer| server.url().rsplit_once(':').unwrap().1.to_owned();
    successor.ask(&["REPLICAOF", "127.0.0.1", &port(&redis)]).unwrap();
    eventually("the successor has the data", async || {
        let info = successor.ask(&["INFO", "replication"]).unwrap();
        info.contains("master_link_status:up").then_some(())
    })
    .await;
    successor.ask(&["REPLICAOF", "NO", "ONE"]).unwrap();

    service.tell_wechat_of(&second.url);
    redis.ask(&["REPLICAOF", "127.0.0.1", &port(&successor)]).unwrap();
    let (scanned, told) = tokio::join!(ming.scan(waits.qr()), waits.wait(&service, 60, 1));
    assert!(scanned.unwrap().reply().is_some());
    assert_eq!(told.says(), "registered", "the wait ends in `loop` where the cache is believed");
    let address = redis.url().replace("redis://", "redis ");
    let names_it = |log: &str| log.lines().any(|line| line.contains(&address) && line.contains("READONLY"));
    eventually("both nodes say so", async || {
        (names_it(&service.log()) && names_it(&second.log())).then_some(())
    })
    .await;
    assert_eq!(device.log_out(&service, &token).await.status, 204);
    assert_eq!(
        device.session(&service, &token).await.problem(),
        "session_invalid",
        "its copy is still there"
    );
    redis.ask(&["REPLICAOF", "NO", "ONE"]).unwrap();
    eventually("it serves again", async || service.is_ready().await.then_some(())).await;
}

#[tokio::test]
async fn a_code_that_redis_forgot_logs_no_one_in_and_the_next_one_does() {
    let redis = RedisServer::start(&[]).unwrap();
    let setup = Setup::default().set("store.url", redis.url()).set("wechat.apps.0.login_by", "message");
    let service = setup.start().await;
    let ming = service.person("ming");
    ming.follow("main").await.unwrap();
    let code = |device: &Device| device.started["qr"]["message"]["code"].as_str().unwrap().to_owned();
    let forgotten = Device::start(&service).await;
    assert_eq!(keys(&redis, "*message_code:*").len(), 1);
    redis.ask(&["FLUSHALL"]).unwrap();
    let said = ming.send_text("main", &code(&forgotten)).await.unwrap();
    assert!(said.reply().unwrap().starts_with("这个数字已失效或不正确"), "{said:?}");
    assert_eq!(forgotten.look(&service).await.says(), "loop");
    let next = Device::start(&service).await;
    ming.send_text("main", &code(&next)).await.unwrap();
    assert_eq!(next.look(&service).await.says(), "unregistered");
}
