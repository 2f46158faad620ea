//! A state and a code are each used once, however often and from wherever they come.

use saoma_domain::{
    login::{Login, LoginState},
    ports::Pruning,
    services::ServiceError,
};
use tokio::{join, task::JoinSet, time::sleep};

use crate::{
    channels::{back, slow_node, user, waiting_identity},
    wait::{RuntimeClock, paused_world},
    world::{PHONE, START, World, app, secs},
};

#[tokio::test]
async fn the_same_return_again_leads_to_the_same_without_asking_wechat() {
    let world = World::new();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    let login = world.services.oauth_returns.finish(&auth, back(Some("c1"))).await.unwrap();
    let other_node = world.node(|_| ());
    world.login_cache.clear();
    assert_eq!(other_node.oauth_returns.finish(&auth, back(Some("c1"))).await, Ok(login));
    let bound = world.bind(&auth, PHONE).await.unwrap();
    world.pass(secs(3600));
    assert_eq!(
        world.services.oauth_returns.finish(&auth, back(Some("c1"))).await,
        Ok(bound),
        "also when it went on"
    );
    assert_eq!(world.oauth.exchanged(), ["c1"]);
}

#[tokio::test]
async fn a_state_that_was_used_takes_no_other_code_and_leads_where_the_first_one_did() {
    let world = World::new();
    let (auth, login) = world.by_site(user("wAnna")).await;
    for _ in 0..2 {
        assert_eq!(world.come_back(&auth, user("wBela")).await.as_ref(), Ok(&login));
    }
    let bound = world.bind(&auth, PHONE).await.unwrap();
    assert_eq!(world.come_back(&auth, user("wBela")).await, Ok(bound));
    assert_eq!(world.oauth.exchanged().len(), 1);
    let identity = waiting_identity(&login);
    assert_eq!(world.identities_of(&world.committed(&auth).await.unwrap()).await, [identity]);
}

#[tokio::test]
async fn made_up_codes_use_up_nothing_but_the_state_of_their_login() {
    let world = World::new();
    let auth = world.sent_away().await;
    let cancelled = world.sent_away().await;
    world.services.cancellation.cancel(&cancelled).await.unwrap();
    for number in 0..20 {
        let code = format!("made-up-{number}");
        for login in [&auth, &cancelled] {
            assert!(world.services.oauth_returns.finish(login, back(Some(&code))).await.is_err());
        }
    }
    let forever = START.plus(secs(365 * 24 * 3600));
    let (logins, one_time_codes) = (2, 3);
    let rows = world.database.prune(forever, 1000).await.unwrap();
    assert_eq!(rows, logins + one_time_codes, "one login has a state and a code, the other a state");
}

#[tokio::test]
async fn a_code_that_another_login_used_ends_this_one() {
    let world = World::new();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let (theirs, mine) = (world.sent_away().await, world.sent_away().await);
    world.services.oauth_returns.finish(&theirs, back(Some("c1"))).await.unwrap();
    for _ in 0..2 {
        let returned = world.services.oauth_returns.finish(&mine, back(Some("c1"))).await;
        assert_eq!(returned, Err(ServiceError::CodeInvalid));
        assert_eq!(world.services.waiting.look(&mine).await.unwrap().state.name(), "expired");
    }
    assert_eq!(world.oauth.exchanged(), ["c1"]);
}

#[tokio::test(start_paused = true)]
async fn of_fifty_returns_at_once_one_is_exchanged_and_all_are_told() {
    let world = paused_world();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let auth = world.sent_away().await;
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let (node, auth) = (slow_node(&world, 3), auth.clone());
        tasks.spawn(async move { node.oauth_returns.finish(&auth, back(Some("c1"))).await });
    }
    let answers = tasks.join_all().await;
    let login = world.committed(&auth).await.unwrap();
    assert_eq!(login.state.name(), "unregistered");
    for answer in answers {
        assert_eq!(answer.as_ref(), Ok(&login));
    }
    assert_eq!(world.oauth.exchanged(), ["c1"]);
    assert_eq!(world.now(), START.plus(secs(3)), "a repetition waits no longer than WeChat takes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_codes_to_one_state_are_exchanged_once() {
    let world = World::new();
    let auth = world.sent_away().await;
    let mut tasks = JoinSet::new();
    for number in 0..50 {
        let code = format!("c{number}");
        world.oauth.give_code(&app("site"), &code, user("wAnna"));
        let (node, auth) = (world.node(|_| ()), auth.clone());
        tasks.spawn(async move { node.oauth_returns.finish(&auth, back(Some(&code))).await });
    }
    let answers = tasks.join_all().await;
    assert_eq!(world.oauth.exchanged().len(), 1);
    let login = world.committed(&auth).await.unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref() == Ok(&login)), "all are told what came of it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_states_with_one_code_exchange_it_once() {
    let world = World::new();
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let (node, auth) = (world.node(|_| ()), world.sent_away().await);
        tasks.spawn(async move { node.oauth_returns.finish(&auth, back(Some("c1"))).await });
    }
    let answers = tasks.join_all().await;
    assert_eq!(world.oauth.exchanged(), ["c1"]);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_comes_again_is_not_kept_waiting_for_an_outcome_that_was_lost() {
    let world = paused_world();
    let auth = world.sent_away().await;
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let slow = slow_node(&world, 60);
    let first = slow.oauth_returns.finish(&auth, back(Some("c1")));
    let again = async {
        sleep(secs(1)).await;
        let answer = world.services.oauth_returns.finish(&auth, back(Some("c1"))).await;
        (answer, world.now())
    };
    let (first, (again, at)) = join!(first, again);
    assert_eq!((again, at), (Err(ServiceError::CodeInvalid), START.plus(secs(5))));
    assert!(first.is_ok(), "the first one may still end well");
    assert_eq!(world.oauth.exchanged(), ["c1"]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_does_not_stop_a_code_that_is_on_its_way() {
    let world: World<RuntimeClock> = paused_world();
    let auth = world.sent_away().await;
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let slow = slow_node(&world, 2);
    let refuse = async {
        sleep(secs(1)).await;
        world.services.oauth_returns.finish(&auth, back(None)).await
    };
    let (login, refused) = join!(slow.oauth_returns.finish(&auth, back(Some("c1"))), refuse);
    assert_eq!(refused, Err(ServiceError::OAuthState));
    assert!(matches!(login, Ok(Login { state: LoginState::Unregistered { .. }, .. })));
}

#[tokio::test(start_paused = true)]
async fn a_login_that_is_given_up_while_wechat_is_asked_logs_nobody_in() {
    let world = paused_world();
    let auth = world.sent_away().await;
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    let slow = slow_node(&world, 2);
    let cancel = async {
        sleep(secs(1)).await;
        world.services.cancellation.cancel(&auth).await
    };
    let (returned, cancelled) = join!(slow.oauth_returns.finish(&auth, back(Some("c1"))), cancel);
    assert_eq!((returned, cancelled), (Err(ServiceError::OAuthState), Ok(())));
    assert_eq!(world.services.waiting.look(&auth).await.unwrap().state.name(), "expired");
}

#[tokio::test(start_paused = true)]
async fn an_exchange_that_outlasts_the_deadline_logs_nobody_in() {
    let world = paused_world();
    let auth = world.sent_away().await;
    world.oauth.give_code(&app("site"), "c1", user("wAnna"));
    sleep(secs(595)).await;
    let returned = slow_node(&world, 2).oauth_returns.finish(&auth, back(Some("c1"))).await;
    assert_eq!(returned, Err(ServiceError::OAuthState), "its commit might come after the deadline");
    assert_eq!(world.committed(&auth).await, None);
}
