//! Agreeing to the terms of the site.

use saoma_domain::{
    account::AccountId,
    consent::{ConsentTerms, ConsentVersion},
    login::{AuthenticatedLogin, LoginState},
    ports::{People, PersonKey},
    services::{Agreement, PhoneRule, ScanReply, ServiceError, Services, StartLogin},
};

use crate::world::{PHONE, World, request};

const V2: Agreement<'_> = Agreement { version: Some("v2"), ip: "192.0.2.7" };
const NOTHING: Agreement<'_> = Agreement { version: None, ip: "192.0.2.7" };

fn terms(required: bool) -> Option<ConsentTerms> {
    Some(ConsentTerms { version: ConsentVersion::parse("v2").unwrap(), required })
}

async fn agreed(world: &World, account: AccountId) -> Vec<String> {
    let people = world.database.find_people(PersonKey::Id(account)).await.unwrap();
    let consents = people.iter().flat_map(|person| &person.consents);
    consents.map(|consent| format!("{} {}", consent.version, consent.ip)).collect()
}

async fn unregistered(
    world: &World,
    node: &Services,
    consent: Option<&str>,
) -> Result<AuthenticatedLogin, ServiceError> {
    let start = StartLogin { consent: consent.map(str::to_owned), ..request("main") };
    let started = node.start.with_qr(start).await?;
    node.scans.take_scan(world.event(&started, "oAnna")).await?;
    Ok(started.auth)
}

#[tokio::test]
async fn where_it_is_required_nothing_goes_on_without_it() {
    let world = World::new();
    let node = world.node_with_policy(|policy| policy.terms = terms(true));
    let auth = unregistered(&world, &node, None).await.unwrap();
    assert_eq!(node.consents.require(&auth, NOTHING).await, Err(ServiceError::ConsentRequired));
    for wrong in ["v1", "", "v2 ", "V2"] {
        let wrong = Agreement { version: Some(wrong), ..V2 };
        assert_eq!(node.consents.require(&auth, wrong).await, Err(ServiceError::ConsentRequired));
    }
    let code = world.code(&auth, PHONE).await;
    assert_eq!(
        node.phone_binding.bind(&auth, PHONE, &code).await,
        Err(ServiceError::ConsentRequired),
        "whatever the steps before were"
    );
    node.consents.require(&auth, V2).await.unwrap();
    assert_eq!(node.consents.require(&auth, NOTHING).await, Ok(()), "it was said before in this login");
    let login = node.phone_binding.bind(&auth, PHONE, &code).await.unwrap();
    let LoginState::Registered { account, .. } = login.state else { panic!("{login:?}") };
    assert_eq!(agreed(&world, account).await, ["v2 192.0.2.7"]);
}

#[tokio::test]
async fn it_may_be_given_when_the_login_begins() {
    let world = World::new();
    let node = world.node_with_policy(|policy| policy.terms = terms(true));
    let refused = unregistered(&world, &node, Some("v1")).await;
    assert!(matches!(refused, Err(ServiceError::ConsentRequired)));
    let auth = unregistered(&world, &node, Some("v2")).await.unwrap();
    let code = world.code(&auth, PHONE).await;
    assert!(node.phone_binding.bind(&auth, PHONE, &code).await.is_ok());
}

#[tokio::test]
async fn a_newcomer_who_did_not_agree_is_asked_where_no_number_is() {
    let world = World::new();
    let node = world.node_with_policy(|policy| {
        (policy.phone, policy.terms) = (PhoneRule::Off, terms(true));
    });
    let auth = unregistered(&world, &node, None).await.unwrap();
    assert_eq!(node.phone_binding.skip(&auth).await, Err(ServiceError::ConsentRequired));
    node.consents.require(&auth, V2).await.unwrap();
    assert!(node.phone_binding.skip(&auth).await.is_ok());
    let start = StartLogin { consent: Some("v2".to_owned()), ..request("main") };
    let started = node.start.with_qr(start).await.unwrap();
    let reply = node.scans.take_scan(world.event(&started, "oBert")).await.unwrap();
    assert!(matches!(reply, ScanReply::LoggedIn { .. }), "{reply:?}");
}

#[tokio::test]
async fn where_it_is_not_required_it_is_kept_if_it_is_given() {
    let world = World::new();
    let node = world.node_with_policy(|policy| policy.terms = terms(false));
    let auth = unregistered(&world, &node, None).await.unwrap();
    assert_eq!(node.consents.require(&auth, NOTHING).await, Ok(()));
    let code = world.code(&auth, PHONE).await;
    node.consents.require(&auth, V2).await.unwrap();
    let login = node.phone_binding.bind(&auth, PHONE, &code).await.unwrap();
    let LoginState::Registered { account, .. } = login.state else { panic!("{login:?}") };
    assert_eq!(agreed(&world, account).await.len(), 1);
    let none = world.node_with_policy(|_| {});
    let auth = unregistered(&world, &none, Some("anything")).await.unwrap();
    assert_eq!(none.consents.require(&auth, V2).await, Ok(()), "there is nothing to agree to");
}
