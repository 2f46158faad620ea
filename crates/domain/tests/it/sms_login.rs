//! Logins by an SMS code alone (`login.sms`).

use saoma_domain::{
    actor::Actor,
    login::{AuthenticatedLogin, Login, LoginState},
    ports::{Accounts, ActiveSession},
    services::{CodeRequest, PhoneRule, Policy, Registration, ServiceError, Services, SmsLogin},
    session::AuthMethod,
};

use crate::world::{CLIENT, OTHER_PHONE, PHONE, World, browser, number, request, secs};

fn existing(policy: &mut Policy) {
    policy.sms_login = SmsLogin::Existing;
}

fn on(policy: &mut Policy) {
    policy.sms_login = SmsLogin::On;
}

async fn begin(node: &Services) -> AuthenticatedLogin {
    let (auth, login) = node.start.by_number(request("sms")).await.unwrap();
    assert!(matches!(login.state, LoginState::Unregistered { identity: None, .. }), "{login:?}");
    auth
}

async fn send(node: &Services, auth: &AuthenticatedLogin, phone: &str) -> Result<(), ServiceError> {
    node.phone_binding.send_code(auth, CodeRequest { phone, client: CLIENT }).await.map(drop)
}

fn code(world: &World, phone: &str) -> Option<String> {
    world.inbox.last_code(&number(phone)).map(|code| code.reveal().to_owned())
}

async fn session(world: &World, node: &Services, auth: &AuthenticatedLogin, login: &Login) -> ActiveSession {
    let issued = node.session_issuer.issue(auth, login, browser()).await.unwrap();
    world.stored(&issued).await
}

#[tokio::test]
async fn it_is_off_unless_the_settings_say_otherwise() {
    let world = World::new();
    assert_eq!(
        world.services.start.by_number(request("sms")).await.map(drop),
        Err(ServiceError::SmsLoginOff)
    );
}

#[tokio::test]
async fn a_new_number_makes_an_account_where_it_is_on() {
    let world = World::new();
    let node = world.node_with_policy(on);
    let auth = begin(&node).await;
    assert_eq!(node.phone_binding.skip(&auth).await, Err(ServiceError::PhoneNeeded));
    send(&node, &auth, PHONE).await.unwrap();
    let code = code(&world, PHONE).unwrap();
    let login = node.phone_binding.bind(&auth, PHONE, &code).await.unwrap();
    assert_eq!(node.phone_binding.bind(&auth, PHONE, &code).await.unwrap(), login, "the same answer again");
    let LoginState::Registered { account, .. } = login.state else { panic!("{login:?}") };
    let phone = world.database.account(account).await.unwrap().unwrap().phone;
    assert_eq!(phone, Some(number(PHONE)));
    let active = session(&world, &node, &auth, &login).await;
    assert_eq!(active.session.auth_methods, AuthMethod::Sms.into());
}

#[tokio::test]
async fn a_number_is_needed_even_where_it_is_optional() {
    let world = World::new();
    let node = world
        .node_with_policy(|policy| (policy.sms_login, policy.phone) = (SmsLogin::On, PhoneRule::Optional));
    let auth = begin(&node).await;
    assert_eq!(node.phone_binding.skip(&auth).await, Err(ServiceError::LoginState("unregistered")));
}

#[tokio::test]
async fn a_stranger_learns_nothing_and_gets_no_sms() {
    for closed in [false, true] {
        let world = World::new();
        world.registered("oAnna", PHONE).await;
        let sent_before = world.inbox.messages().len();
        let node = world.node_with_policy(|policy| match closed {
            false => existing(policy),
            true => (policy.sms_login, policy.registration) = (SmsLogin::On, Registration::Closed),
        });
        let mut answers = Vec::new();
        world.pass(secs(60));
        for phone in [PHONE, OTHER_PHONE] {
            let auth = begin(&node).await;
            let sent =
                node.phone_binding.send_code(&auth, CodeRequest { phone, client: CLIENT }).await.unwrap();
            let mut told = vec![format!("{sent:?}")];
            for _ in 0..6 {
                told.push(format!("{:?}", node.phone_binding.bind(&auth, phone, "abc").await));
            }
            answers.push(told);
            world.background.run().await.unwrap();
        }
        assert_eq!(answers[0], answers[1], "whether the number has an account or not");
        assert_eq!(
            world.inbox.messages().len(),
            sent_before + 1,
            "one SMS, to the number that has an account"
        );
    }
}

#[tokio::test]
async fn a_right_code_says_nothing_of_an_account_that_has_gone() {
    let world = World::new();
    let (_, known) = world.registered("oAnna", PHONE).await;
    let account = world.account_of(&known).await.id;
    let node = world.node_with_policy(existing);
    world.pass(secs(60));
    let auth = begin(&node).await;
    send(&node, &auth, PHONE).await.unwrap();
    world.background.run().await.unwrap();
    world.services.people.erase(account, Actor::Operator).await.unwrap();
    let refused = node.phone_binding.bind(&auth, PHONE, &code(&world, PHONE).unwrap()).await;
    assert_eq!(refused, Err(ServiceError::SmsCodeExpired));
}

#[tokio::test]
async fn who_has_an_account_is_let_in() {
    let world = World::new();
    let (_, known) = world.registered("oAnna", PHONE).await;
    let known = world.account_of(&known).await.id;
    let node = world.node_with_policy(existing);
    world.pass(secs(60));
    let auth = begin(&node).await;
    send(&node, &auth, PHONE).await.unwrap();
    world.background.run().await.unwrap();
    let login = node.phone_binding.bind(&auth, PHONE, &code(&world, PHONE).unwrap()).await.unwrap();
    assert!(matches!(login.state, LoginState::Registered { account, .. } if account == known));
    let active = session(&world, &node, &auth, &login).await;
    assert_eq!(active.identities.len(), 1);
    let id = active.identities[0].id;
    assert_eq!(node.accounts.remove_identity(&active, id).await, Err(ServiceError::ScanRequired));
    assert_eq!(
        node.accounts.change_phone(&active, OTHER_PHONE, "123456").await.map(drop),
        Err(ServiceError::ScanRequired)
    );
    assert_eq!(
        node.sessions.require_recent_login(&active),
        Err(ServiceError::ScanRequired),
        "adds no way in"
    );
    assert_eq!(node.people.erase_own(&active).await, Err(ServiceError::ScanRequired));
}
