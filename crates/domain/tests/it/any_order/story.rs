//! What happens in a story, and how likely it is to.

use std::time::Duration;

use proptest::{collection, prelude::*, sample::select};

use super::{
    cast::{CODES, PERSONS, PHONE_CODES, PHONES},
    phrase::{
        answer, any_way_in, asked, by_number, changing_phones, coming_in, out_of_reach, pending_link,
        reloading, sharing_a_phone_code, there_and_back,
    },
    step::{Event, LOGINS, Step},
};

/// Returns what happens in a whole story.
pub(super) fn story() -> impl Strategy<Value = Vec<Step>> {
    let phrase = prop_oneof![
        4 => by_wechat().prop_map(|step| vec![step]),
        4 => by_client().prop_map(|step| vec![step]),
        3 => by_owner().prop_map(|step| vec![step]),
        3 => by_chance().prop_map(|step| vec![step]),
        3 => coming_in(),
        2 => asked(),
        1 => pending_link(),
        1 => there_and_back(),
        1 => by_number(),
        1 => changing_phones(),
        1 => reloading(),
        1 => sharing_a_phone_code(),
        1 => out_of_reach(),
    ];
    collection::vec(phrase, 1..50).prop_map(|phrases| phrases.concat())
}

/// Returns what WeChat does, and the people in front of it.
fn by_wechat() -> impl Strategy<Value = Step> {
    let (login, person) = (0..LOGINS, 0..PERSONS.len());
    let (code, secs_ago) = (prop::option::weighted(0.9, 0..CODES), select(vec![-60, 0, 1, 5, 100]));
    prop_oneof![
        4 => (login.clone(), person.clone()).prop_map(|(login, person)| Step::Scan { login, person }),
        4 => (login.clone(), code).prop_map(|(login, code)| Step::Return { login, code }),
        4 => (login.clone(), person.clone(), answer())
            .prop_map(|(login, person, answer)| Step::Answer { login, person, answer }),
        4 => (login, person.clone(), prop::option::of(any::<bool>()))
            .prop_map(|(login, person, answer)| Step::OnPage { login, person, answer }),
        3 => Just(Step::FollowUp),
        2 => (0..2_usize, person, any::<bool>(), secs_ago)
            .prop_map(|(app, person, follows, secs_ago)| Step::News { app, person, follows, secs_ago }),
    ]
}

/// Returns what the clients that wait for a login do.
fn by_client() -> impl Strategy<Value = Step> {
    let (login, phone) = (0..LOGINS, 0..PHONES.len());
    let link_to = prop::option::weighted(0.5, login.clone());
    prop_oneof![
        2 => (any_way_in(), link_to.clone()).prop_map(|(way_in, link_to)| Step::Start { way_in, link_to }),
        1 => Just(Step::StartByNumber),
        1 => (0..CODES, link_to).prop_map(|(code, link_to)| Step::OpenMiniProgram { code, link_to }),
        4 => (login.clone(), phone.clone()).prop_map(|(login, phone)| Step::SendCode { login, phone }),
        6 => (login.clone(), phone, prop::bool::weighted(0.8))
            .prop_map(|(login, phone, right)| Step::Bind { login, phone, right }),
        2 => (login.clone(), 0..PHONE_CODES).prop_map(|(login, code)| Step::BindWechatPhone { login, code }),
        2 => login.clone().prop_map(|login| Step::Skip { login }),
        5 => (login.clone(), prop::bool::weighted(0.2))
            .prop_map(|(login, foreign_token)| Step::Poll { login, foreign_token }),
        1 => login.prop_map(|login| Step::Cancel { login }),
    ]
}

/// Returns what the holders of sessions do.
pub(super) fn by_owner() -> impl Strategy<Value = Step> {
    let (by, phone) = (0..LOGINS, 0..PHONES.len());
    prop_oneof![
        1 => by.clone().prop_map(|login| Step::LogOut { login }),
        1 => (by.clone(), by.clone()).prop_map(|(by, of)| Step::EndSession { by, of }),
        1 => by.clone().prop_map(|login| Step::LogOutEverywhere { login }),
        6 => (by.clone(), 0..4_usize, 0..PERSONS.len())
            .prop_map(|(by, app, person)| Step::RemoveIdentity { by, app, person }),
        3 => (by.clone(), phone.clone()).prop_map(|(by, phone)| Step::SendNewPhoneCode { by, phone }),
        4 => (by, phone, prop::bool::weighted(0.8))
            .prop_map(|(by, phone, right)| Step::ChangePhone { by, phone, right }),
    ]
}

/// Returns what happens to the service.
fn by_chance() -> impl Strategy<Value = Step> {
    // Moments around every deadline that there is.
    let deadlines = select(vec![59, 60, 115, 116, 119, 120, 179, 180, 595, 596, 599, 600]);
    let secs = prop_oneof![select(vec![0, 1, 5]), deadlines];
    let time = (secs, select(vec![0, 1, 499, 500, 999]));
    prop_oneof![
        5 => time.prop_map(|(secs, millis)| Step::Pass {
            time: Duration::from_secs(secs) + Duration::from_millis(millis)
        }),
        2 => Just(Step::Service(Event::EmptyCaches)),
        1 => Just(Step::Service(Event::Restart)),
        1 => Just(Step::Service(Event::Reconcile)),
        4 => Just(Step::Service(Event::OtherNode)),
        2 => any::<bool>().prop_map(|away| Step::Service(Event::SessionCache { away })),
        2 => any::<bool>().prop_map(|slow| Step::Service(Event::Wechat { slow })),
    ]
}
