//! Several nodes that share a database and a Redis.

use saoma_sandbox::Reaction;
use saoma_servers::{MariaDb, Postgres, RedisCluster, RedisServer};

use crate::harness::{Device, Service, Setup, bind_own_phone, log_in, register, scanned_by_new};

/// Two nodes, the first of which the clients talk to and WeChat as well until a test says otherwise.
async fn two_nodes(store: &str, database: &str) -> (Service, crate::harness::Node) {
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
    assert_eq!(device.look(&service).await.token(), token, "any node hands over the same session");
    assert_eq!(device.session(&service, &token).await.status, 200);
    assert_eq!(device.log_out(&service, &token).await.status, 204);
    service.url.clone_from(&second.url);
    assert_eq!(device.session(&service, &token).await.problem(), "session_invalid");
}

#[tokio::test]
async fn a_login_goes_over_two_nodes_on_redis_and_postgresql() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().await.unwrap());
    a_login_over_two_nodes(&redis.url(), &postgres.url("postgres")).await;
}

#[tokio::test]
async fn a_login_goes_over_two_nodes_on_a_redis_cluster_and_mariadb() {
    let (cluster, mariadb) = (RedisCluster::start().unwrap(), MariaDb::start().await.unwrap());
    a_login_over_two_nodes(&cluster.url(), &mariadb.url("saoma")).await;
}

#[tokio::test]
async fn another_node_goes_on_when_one_is_killed_after_the_scan() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().await.unwrap());
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
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().await.unwrap());
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
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().await.unwrap());
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
