//! What people do, and the events that report it.

use std::time::Duration;

use saoma_sandbox::{
    DeliveryPolicy, EXPIRED_NOTICE, EventKind, Limits, Mood, NotSent, OfficialAccount, Reaction, Sandbox,
    SandboxConfig, SandboxError, Speaker,
};
use saoma_wechat::callback::MessageKind;

use super::support::{Caller, ScriptedAnswer, config, sandbox, sandbox_and_receiver};

fn kind_of(reaction: &Reaction) -> Option<EventKind> {
    match reaction {
        Reaction::Sent { kind, .. } => Some(*kind),
        Reaction::NotSent { .. } => None,
    }
}

fn not_sent(reason: NotSent) -> Reaction {
    Reaction::NotSent { reason }
}

#[tokio::test]
async fn the_first_scan_subscribes_with_the_scene_and_the_next_one_is_a_scan() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let caller = Caller::new(&sandbox);
    let ming = sandbox.person("ming").unwrap();
    let code = caller.make_code("login:web:abc", 120).await;
    let (url, ticket) = (code["url"].as_str().unwrap(), code["ticket"].as_str().unwrap());

    assert_eq!(kind_of(&ming.scan(url).await.unwrap()), Some(EventKind::Subscribe));
    assert!(ming.follows("main"));
    assert_eq!(kind_of(&ming.scan(url).await.unwrap()), Some(EventKind::Scan));

    let seen = receiver.seen();
    let kinds = [0, 1].map(|at: usize| seen[at].message.as_ref().unwrap().kind());
    assert!(
        matches!(kinds[0], MessageKind::Subscribe { scene: Some(scene), .. } if scene == "login:web:abc")
    );
    assert!(matches!(kinds[1], MessageKind::Scan { scene, .. } if scene == "login:web:abc"));
    assert!(sandbox.events(0).iter().all(|event| event.body.contains(ticket)));
    assert_eq!(sandbox.qr_codes()[0].scanned_by, ["ming", "ming"]);
}

#[tokio::test]
async fn a_late_scan_tells_the_service_nothing_and_the_person_why() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let ming = sandbox.person("ming").unwrap();
    let url = Caller::new(&sandbox).code_url("login:web:abc").await;
    sandbox.advance_clock(Duration::from_secs(120));
    assert_eq!(ming.scan(&url).await.unwrap(), not_sent(NotSent::QrExpired));
    let said = ming.chat("main");
    assert_eq!((said[0].from, said[0].text.as_str()), (Speaker::Wechat, EXPIRED_NOTICE));
    assert_eq!(ming.scan("http://weixin.qq.com/q/02other").await.unwrap(), not_sent(NotSent::QrUnknown));
    assert!(!ming.follows("main"));
    assert!(receiver.seen().is_empty() && sandbox.qr_codes().is_empty());
}

#[tokio::test]
async fn following_twice_and_writing_without_following_change_nothing() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let ming = sandbox.person("ming").unwrap();
    assert_eq!(ming.send_text("main", "hello").await.unwrap(), not_sent(NotSent::DoesNotFollow));
    assert_eq!(ming.unfollow("main").await.unwrap(), not_sent(NotSent::DoesNotFollow));
    assert!(ming.chat("main").is_empty());
    assert_eq!(kind_of(&ming.follow("main").await.unwrap()), Some(EventKind::Subscribe));
    assert_eq!(ming.follow("main").await.unwrap(), not_sent(NotSent::AlreadyFollows));
    assert_eq!(ming.send_text("main", " \u{7}").await.unwrap(), not_sent(NotSent::TextLength));
    assert_eq!(kind_of(&ming.unfollow("main").await.unwrap()), Some(EventKind::Unsubscribe));
    assert_eq!(receiver.seen().len(), 2);
    assert!(ming.follow("none").await.is_err());
}

#[tokio::test]
async fn a_person_who_leaves_is_reported_cannot_write_and_subscribes_anew_with_the_next_code() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let (caller, ming) = (Caller::new(&sandbox), sandbox.person("ming").unwrap());
    ming.follow("main").await.unwrap();
    ming.unfollow("main").await.unwrap();
    assert!(!ming.follows("main"));
    let message = receiver.seen()[1].message.clone().unwrap();
    assert_eq!(message.from().as_str(), ming.openid("main").unwrap());
    assert_eq!(message.kind(), &MessageKind::Unsubscribe);
    assert_eq!(ming.send_text("main", "hello").await.unwrap(), not_sent(NotSent::DoesNotFollow));
    let (token, openid) = (caller.stable_token().await, ming.openid("main").unwrap());
    let path = format!("/cgi-bin/user/info?access_token={token}&openid={openid}");
    assert_eq!(caller.get_json(&path).await["subscribe"], 0);
    let back = ming.scan(&caller.code_url("login:web:abc").await).await.unwrap();
    assert_eq!(kind_of(&back), Some(EventKind::Subscribe));
}

#[tokio::test]
async fn a_message_arrives_as_it_was_written_and_is_answered_in_the_chat() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    receiver.will_answer([ScriptedAnswer::Success, ScriptedAnswer::Text("您好")]);
    let ming = sandbox.person("ming").unwrap();
    ming.follow("main").await.unwrap();
    ming.send_text("main", "登录 ]]> <b>&amp; 😀").await.unwrap();
    let message = receiver.seen()[1].message.clone().unwrap();
    assert_eq!(message.kind(), &MessageKind::Text { content: "登录 ]]> <b>&amp; 😀".to_owned() });
    assert!(message.msg_id().unwrap().parse::<u64>().is_ok());
    let said = ming.chat("main");
    assert_eq!([said[0].from, said[1].from], [Speaker::Person, Speaker::Account]);
    assert_eq!(said[1].text, "您好");
}

#[tokio::test]
async fn without_a_callback_url_people_can_still_follow() {
    let sandbox = sandbox().await;
    let ming = sandbox.person("ming").unwrap();
    assert_eq!(ming.follow("main").await.unwrap(), not_sent(NotSent::NoCallbackUrl));
    assert!(ming.follows("main"));
    assert!(!sandbox.check_callback_url("main").await.unwrap());
}

#[tokio::test]
async fn a_stopped_sandbox_leaves_its_port_to_the_next() {
    let first = sandbox().await;
    let listen = first.address();
    assert_eq!(Caller::new(&first).get("/").await.status(), 200);
    first.stop().await;
    let next = Sandbox::start(SandboxConfig { listen, ..config() }).await.unwrap();
    assert_eq!(Caller::new(&next).get("/").await.status(), 200);
    let third = Sandbox::start(SandboxConfig { listen, ..config() }).await;
    assert!(matches!(third, Err(SandboxError::Bind { address, .. }) if address == listen));
}

#[tokio::test]
async fn a_person_who_leaves_while_the_event_is_on_its_way_does_not_stop_it() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let ming = sandbox.person("ming").unwrap();
    let hung_up = tokio::time::timeout(Duration::ZERO, ming.follow("main")).await;
    assert!(hung_up.is_err(), "the caller has hung up");
    let arrived = async {
        while sandbox.events(0).iter().all(|event| event.deliveries.is_empty()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), arrived).await.unwrap();
    assert_eq!(receiver.seen().len(), 1);
}

#[tokio::test]
async fn the_state_is_bounded() {
    let limits = Limits { people: 2, codes: 3, events: 2, messages: 2, ..Limits::default() };
    let sandbox = Sandbox::start(SandboxConfig { limits, ..config() }).await.unwrap();
    let caller = Caller::new(&sandbox);
    for number in 0..5 {
        caller.make_code(&format!("s{number}"), 120).await;
    }
    let scenes = sandbox.qr_codes().iter().map(|code| code.scene.to_string()).collect::<Vec<_>>();
    assert_eq!(scenes, ["s4", "s3", "s2"], "newest first");
    let ming = sandbox.person("ming").unwrap();
    sandbox.person("hong").unwrap();
    assert!(sandbox.person("wei").is_err());
    assert_eq!(sandbox.person("ming").unwrap().phone(), ming.phone());
    ming.follow("main").await.unwrap();
    for text in ["one", "two", "three"] {
        ming.send_text("main", text).await.unwrap();
    }
    assert_eq!(ming.chat("main").len(), 2);
    assert_eq!(sandbox.events(0).iter().map(|event| event.id).collect::<Vec<_>>(), [3, 4]);
}

#[tokio::test]
async fn who_does_not_follow_tells_the_service_nothing_and_who_hesitates_tells_it_late() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let (ming, hong) = (sandbox.person("ming").unwrap(), sandbox.person("hong").unwrap());
    let url = Caller::new(&sandbox).code_url("login:web:abc").await;
    ming.set_mood(Mood::Never).unwrap();
    assert_eq!(ming.scan(&url).await.unwrap(), not_sent(NotSent::DoesNotFollow));
    assert!(receiver.seen().is_empty() && !ming.follows("main"));
    assert_eq!(sandbox.qr_codes()[0].scanned_by, ["ming"]);
    hong.set_mood(Mood::After { ms: 20 }).unwrap();
    assert_eq!(kind_of(&hong.scan(&url).await.unwrap()), Some(EventKind::Subscribe));
    ming.set_mood(Mood::AtOnce).unwrap();
    assert_eq!(kind_of(&ming.scan(&url).await.unwrap()), Some(EventKind::Subscribe));
}

#[tokio::test]
async fn people_tap_the_menu_and_send_pictures() {
    let (sandbox, receiver) = sandbox_and_receiver(config()).await;
    let ming = sandbox.person("ming").unwrap();
    assert_eq!(ming.tap_menu("main", "HELP").await.unwrap(), not_sent(NotSent::DoesNotFollow));
    assert_eq!(ming.send_picture("main").await.unwrap(), not_sent(NotSent::DoesNotFollow));
    ming.follow("main").await.unwrap();
    assert_eq!(kind_of(&ming.tap_menu("main", "HELP").await.unwrap()), Some(EventKind::Click));
    assert_eq!(kind_of(&ming.send_picture("main").await.unwrap()), Some(EventKind::Picture));
    let seen = receiver.seen();
    let kinds = [1, 2].map(|at: usize| seen[at].message.as_ref().unwrap().kind());
    assert!(matches!(kinds[0], MessageKind::Click { key } if key == "HELP"));
    assert!(matches!(kinds[1], MessageKind::Other { name, .. } if name == "image"), "{:?}", kinds[1]);
}

#[tokio::test]
async fn events_overtake_each_other_where_they_are_long_under_way() {
    let under_way = (Duration::ZERO, Duration::from_millis(200));
    let delivery = DeliveryPolicy { under_way, ..DeliveryPolicy::default() };
    let (sandbox, receiver) = sandbox_and_receiver(SandboxConfig { delivery, ..config() }).await;
    let ming = sandbox.person("ming").unwrap();
    ming.follow("main").await.unwrap();
    let texts: Vec<String> = (0..12).map(|number| format!("{number:02}")).collect();
    futures_util::future::join_all(texts.iter().map(|text| ming.send_text("main", text))).await;
    let taken: Vec<String> = receiver.seen()[1..]
        .iter()
        .map(|seen| {
            let kind = seen.message.as_ref().unwrap().kind();
            let MessageKind::Text { content } = kind else { panic!("{kind:?}") };
            content.clone()
        })
        .collect();
    let mut sorted = taken.clone();
    sorted.sort();
    assert_eq!(sorted, texts, "all of them come");
    assert_ne!(taken, texts, "in another order");
}

#[tokio::test]
async fn an_account_without_rights_makes_no_codes() {
    let account = OfficialAccount { verified: false, ..OfficialAccount::demo() };
    let sandbox = Sandbox::start(SandboxConfig::with_account(account)).await.unwrap();
    let refused = Caller::new(&sandbox).make_code("login:web:abc", 120).await;
    assert_eq!(refused["errcode"], 48001, "{refused}");
}

#[tokio::test]
async fn the_own_code_of_an_account_leads_to_it_without_a_scene() {
    let account = OfficialAccount { verified: false, ..OfficialAccount::demo() };
    let own_code = account.own_code_url();
    let accounts = vec![account];
    let (sandbox, receiver) = sandbox_and_receiver(SandboxConfig { accounts, ..config() }).await;
    let ming = sandbox.person("ming").unwrap();
    assert_eq!(kind_of(&ming.scan(&own_code).await.unwrap()), Some(EventKind::Subscribe));
    let seen = receiver.seen();
    let kind = seen[0].message.as_ref().unwrap().kind();
    assert!(matches!(kind, MessageKind::Subscribe { scene: None }), "{kind:?}");
    assert_eq!(ming.scan(&own_code).await.unwrap(), not_sent(NotSent::AlreadyFollows));
    let caller = Caller::new(&sandbox);
    let status = async |id: &str| caller.get(&format!("/qr/code?username={id}")).await.status().as_u16();
    assert_eq!((status("gh_3f1c9a0b7d52").await, status("gh_unknown").await), (200, 404));
}
