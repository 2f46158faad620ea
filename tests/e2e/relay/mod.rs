//! The site's own system behind the service: it goes on hearing what people say, and the account goes on speaking.

mod bot;
mod foreign;

use std::time::Duration;

use reqwest::Method;
use saoma_sandbox::Reaction;

use crate::{
    harness::{Device, Service, Setup, another_than, eventually, follower, register, says},
    site_api::support::{call, with_root},
};
use bot::{Bot, Script};

async fn service_before(url: &str) -> Service {
    Setup::default().set("wechat.apps.0.relay_url", url).start().await
}

/// Waits until the bot has taken all of these, in this order.
async fn has_taken(bot: &Bot, wanted: &[&str]) {
    eventually("the bot takes all", async || (bot.taken().len() >= wanted.len()).then_some(())).await;
    assert_eq!(bot.taken(), wanted);
}

#[tokio::test]
async fn what_is_about_no_login_is_answered_by_the_sites_own_system() {
    let bot = Bot::start();
    let service = service_before(&bot.url).await;
    let ming = follower(&service, "ming").await;
    assert_eq!(says(&ming, "你好 <b>&amp;").await.as_deref(), Some("echo: 你好 <b>&amp;"));
    ming.unfollow("main").await.unwrap();
    assert_eq!(bot.taken(), ["subscribe ", "你好 <b>&amp;", "unsubscribe"]);
}

#[tokio::test]
async fn logins_stay_with_us_and_the_other_system_does_not_hear_of_them() {
    let bot = Bot::start();
    let service = service_before(&bot.url).await;
    let ming = service.person("ming");
    register(&service, &ming).await;
    let device = Device::start(&service).await;
    assert!(ming.scan(device.qr()).await.unwrap().reply().unwrap().starts_with("已登录"));
    assert_eq!(bot.calls(), [""; 0]);
}

#[tokio::test]
async fn with_relay_all_the_other_system_hears_of_logins_and_does_not_answer_them() {
    let bot = Bot::start();
    bot.script([Script::Fail(500)]);
    let service = Setup::default()
        .set("wechat.apps.0.relay_url", &bot.url)
        .set("wechat.apps.0.relay", "all")
        .start()
        .await;
    let device = Device::start(&service).await;
    let scanned = service.person("ming").scan(device.qr()).await.unwrap();
    assert!(scanned.reply().unwrap().starts_with("扫码成功"));
    assert_eq!(device.look(&service).await.says(), "unregistered");
    has_taken(&bot, &[&format!("subscribe login:web:{}", device.id)]).await;
}

#[tokio::test]
async fn a_system_that_fails_gets_each_message_later_once_and_in_order() {
    let bot = Bot::start();
    let service = service_before(&bot.url).await;
    let (ming, hong) = (follower(&service, "ming").await, follower(&service, "hong").await);
    bot.script([Script::Fail(503), Script::Fail(302), Script::Fail(500)]);
    assert_eq!(says(&ming, "first").await, None, "WeChat is told success");
    says(&ming, "second").await;
    eventually("the bot takes both", async || (bot.taken().len() >= 4).then_some(())).await;
    assert_eq!(bot.taken(), ["subscribe ", "subscribe ", "first", "second"]);
    assert_eq!(says(&hong, "another person").await.as_deref(), Some("echo: another person"));
    assert_eq!(says(&ming, "third").await.as_deref(), Some("echo: third"), "then it is as before");
}

#[tokio::test]
async fn a_system_that_is_late_takes_each_message_once() {
    let bot = Bot::start();
    let service = service_before(&bot.url).await;
    let ming = follower(&service, "ming").await;
    bot.script([Script::Late(Duration::from_secs(5))]);
    assert_eq!(says(&ming, "slowly").await, None);
    assert_eq!(says(&ming, "next").await, None);
    has_taken(&bot, &["subscribe ", "slowly", "next"]).await;
    assert_eq!(bot.calls(), ["subscribe ", "slowly", "next"], "nothing was sent twice");
}

#[tokio::test]
async fn what_wechat_sends_again_has_the_answer_of_the_first_time() {
    let bot = Bot::start();
    let service = service_before(&bot.url).await;
    let ming = follower(&service, "ming").await;
    let Reaction::Sent { event, .. } = ming.send_text("main", "hello").await.unwrap() else {
        panic!("nothing was sent")
    };
    let again = service.sandbox.resend(event, 5).await.unwrap();
    assert_eq!(again.outcomes().len(), 5);
    assert_eq!(again.reply(), Some("echo: hello"));
    assert_eq!(bot.calls(), ["subscribe ", "hello"]);
}

#[tokio::test]
async fn what_was_acknowledged_is_delivered_though_the_process_dies() {
    let url = Bot::address();
    let mut service = service_before(&url).await;
    let ming = follower(&service, "ming").await;
    assert_eq!(says(&ming, "the bot is down").await, None);
    service.kill().await;
    let bot = Bot::start_at(&url);
    service.start_again().await;
    has_taken(&bot, &["subscribe ", "the bot is down"]).await;
}

#[tokio::test]
async fn a_login_is_as_fast_as_ever_while_the_other_system_hangs() {
    let bot = Bot::start();
    let service = service_before(&bot.url).await;
    let ming = follower(&service, "ming").await;
    bot.script([Script::Late(Duration::from_secs(20))]);
    let device = Device::start(&service).await;
    let (said, login) = tokio::join!(says(&ming, "hello"), async {
        ming.scan(device.qr()).await.unwrap();
        // The bot has not answered: nothing else could have let it go on.
        assert_eq!(bot.taken(), ["subscribe "]);
        device.look(&service).await
    });
    assert_eq!((said, login.says()), (None, "unregistered"));
}

#[tokio::test]
async fn the_operator_sees_what_went_where() {
    let bot = Bot::start();
    let service = service_before(&bot.url).await;
    bot.script([Script::Fail(500)]);
    let ming = follower(&service, "ming").await;
    // Only once it is settled, the next message does not wait behind it.
    counted(&service, &[("kept", 1), ("delivered", 1), ("answered", 0)]).await;
    says(&ming, "hello").await;
    counted(&service, &[("kept", 1), ("delivered", 1), ("answered", 1), ("given_up", 0)]).await;
    let line = service.line_with("messages to main: 127.0.0.1:").await;
    assert!(line.contains("/wx answered 500"), "{line}");
}

#[tokio::test]
async fn the_code_of_a_login_stays_with_us_and_other_digits_are_the_other_systems() {
    for all in [false, true] {
        let bot = Bot::start();
        let service = Setup::default()
            .set("wechat.apps.0.relay_url", &bot.url)
            .set("wechat.apps.0.relay", if all { "all" } else { "rest" })
            .set("wechat.apps.0.login_by", "message")
            .start()
            .await;
        let ming = follower(&service, "ming").await;
        let device = Device::start(&service).await;
        let code = device.started["qr"]["message"]["code"].as_str().unwrap();
        let other = another_than(code);
        assert_eq!(says(&ming, other).await, Some(format!("echo: {other}")));
        assert!(says(&ming, code).await.unwrap().starts_with("收到"));
        assert_eq!(device.look(&service).await.says(), "unregistered");
        let taken = ["subscribe ", other, code];
        has_taken(&bot, if all { &taken } else { &taken[..2] }).await;
    }
}

#[tokio::test]
async fn the_journal_says_whether_the_other_system_answered() {
    let bot = Bot::start();
    let service = with_root(Setup::default().set("wechat.apps.0.relay_url", &bot.url)).start().await;
    let ming = follower(&service, "ming").await;
    bot.script([Script::Fail(500)]);
    says(&ming, "to a bot that fails").await;
    let listed = call(&service, Method::GET, "/v1/admin/events", None).await;
    let outcomes: Vec<_> = listed.json["items"].as_array().unwrap().iter().map(|it| &it["outcome"]).collect();
    assert_eq!(outcomes, ["kept", "relayed"]);
}

/// Waits until the operator is shown these numbers of messages.
async fn counted(service: &Service, outcomes: &[(&str, u32)]) {
    eventually("all is counted", async || {
        let metrics =
            reqwest::get(format!("{}/metrics", service.admin_url)).await.unwrap().text().await.unwrap();
        let line = |(outcome, count): &(&str, u32)| {
            format!("saoma_relayed_messages_total{{app=\"main\",outcome=\"{outcome}\"}} {count}\n")
        };
        outcomes.iter().all(|outcome| metrics.contains(&line(outcome))).then_some(())
    })
    .await;
}
