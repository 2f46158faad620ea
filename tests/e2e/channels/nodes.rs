//! The other ways in over two nodes that share a PostgreSQL and a Redis: out on one, back on the other.

use saoma_sandbox::Api;
use saoma_servers::{Postgres, RedisServer};
use serde_json::json;

use crate::harness::{
    Browser, Device, Node, Service, Setup, bind_in_browser, login_to_go_on_with, open_mini_program,
};

/// Two nodes with every channel, on Redis and PostgreSQL.
async fn two_nodes_with_every_channel(redis: &RedisServer, postgres: &Postgres) -> (Service, Node) {
    let setup =
        Setup::every_channel().set("store.url", redis.url()).set("database.url", postgres.url("postgres"));
    let first = setup.set("limits.sms_per_phone_gap_s", 0).start().await;
    let second = first.another_node().await;
    (first, second)
}

#[tokio::test]
async fn a_browser_sets_out_on_one_node_and_comes_back_on_the_other() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let (mut service, second) = two_nodes_with_every_channel(&redis, &postgres).await;
    let first_url = service.url.clone();
    for (name, channel) in [("ming", "website"), ("hong", "in_wechat")] {
        let (person, mut browser) = (service.person(name), Browser::new());
        service.url.clone_from(&first_url);
        let page = browser.authorize(&service, &format!("channel={channel}&return_to=/a")).await;
        let back = person.allow(&page).unwrap();

        service.url.clone_from(&second.url);
        let id = login_to_go_on_with(&browser.visit(&service, back.as_str()).await);
        service.url.clone_from(&first_url);
        let again = browser.visit(&service, back.as_str()).await;
        assert_eq!(login_to_go_on_with(&again), id, "loaded again on the first node");
        service.url.clone_from(&second.url);
        bind_in_browser(&service, &mut browser, &id, &person).await;
        service.url.clone_from(&first_url);
        assert_eq!(browser.session(&service).await.status, 200);
        assert_eq!(browser.visit(&service, back.as_str()).await.location(), "/a");
    }
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 2, "one exchange each");
}

#[tokio::test]
async fn fifty_loads_of_one_return_on_two_nodes_are_one_exchange() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let (mut service, second) = two_nodes_with_every_channel(&redis, &postgres).await;
    let (ming, mut browser) = (service.person("ming"), Browser::new());
    let page = browser.authorize(&service, "channel=website").await;
    let back = ming.allow(&page).unwrap();
    let urls = [service.url.clone(), second.url.clone()];
    let loads = (0..50).map(|at| {
        let (browser, url) =
            (browser.clone(), format!("{}{}?{}", urls[at % 2], back.path(), back.query().unwrap()));
        async move { browser.load(&url).await }
    });
    for answer in futures_util::future::join_all(loads).await {
        assert!(answer.location().contains("login="), "{}", answer.location());
    }
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1);
    service.url.clone_from(&second.url);
    let elsewhere = ming.allow(&page).unwrap();
    let again = browser.visit(&service, elsewhere.as_str()).await;
    assert!(again.location().contains("login="), "another code to the same state: {}", again.location());
    assert_eq!(service.sandbox.calls(Api::SnsAccessToken), 1, "is not used");
}

#[tokio::test]
async fn a_mini_program_logs_in_on_one_node_and_gives_its_phone_on_the_other() {
    let (redis, postgres) = (RedisServer::start(&[]).unwrap(), Postgres::start().unwrap());
    let (mut service, second) = two_nodes_with_every_channel(&redis, &postgres).await;
    let first_url = service.url.clone();
    for name in ["ming", "hong"] {
        let person = service.person(name);
        service.url.clone_from(&first_url);
        let device = Device::started(&open_mini_program(&service, &person).await);
        let proof = if name == "ming" {
            json!({"code": person.phone_code("mini").unwrap()})
        } else {
            let data = person.encrypted_phone("mini").unwrap();
            json!({"encrypted_data": data.encrypted_data, "iv": data.iv})
        };
        service.url.clone_from(&second.url);
        let bound = device.bind_wechat(&service, proof.clone()).await;
        service.url.clone_from(&first_url);
        assert_eq!(device.bind_wechat(&service, proof).await.token(), bound.token(), "asked again elsewhere");
        assert_eq!(device.session(&service, bound.token()).await.status, 200);
    }
}
