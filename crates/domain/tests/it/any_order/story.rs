//! How likely it is that something happens, and in which order.

use std::time::Duration;

use proptest::{collection, prelude::*, sample::select};

use super::{
    cast::{CODES, Door, PERSONS, PHONE_CODES, PHONES},
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
        1 => joining(),
        1 => there_and_back(),
        1 => changing_phones(),
        1 => reloading(),
    ];
    collection::vec(phrase, 1..50).prop_map(|phrases| phrases.concat())
}

fn any_door() -> impl Strategy<Value = Door> {
    select(vec![Door::Main, Door::Shop, Door::Site, Door::InWechat])
}

/// Returns what WeChat does, and the people in front of it.
fn by_wechat() -> impl Strategy<Value = Step> {
    let (login, person) = (0..LOGINS, 0..PERSONS.len());
    let (code, secs_ago) = (prop::option::weighted(0.9, 0..CODES), select(vec![-60, 0, 1, 5, 100]));
    prop_oneof![
        4 => (login.clone(), person.clone()).prop_map(|(login, person)| Step::Scan { login, person }),
        4 => (login, code).prop_map(|(login, code)| Step::Return { login, code }),
        3 => Just(Step::FollowUp),
        2 => (0..2_usize, person, prop::bool::weighted(0.3), secs_ago)
            .prop_map(|(app, person, follows, secs_ago)| Step::News { app, person, follows, secs_ago }),
    ]
}

/// Returns what the clients that wait for a login do.
fn by_client() -> impl Strategy<Value = Step> {
    let (login, phone) = (0..LOGINS, 0..PHONES.len());
    let joins = prop::option::weighted(0.5, login.clone());
    prop_oneof![
        2 => (any_door(), joins.clone()).prop_map(|(door, joins)| Step::Start { door, joins }),
        1 => (0..CODES, joins).prop_map(|(code, joins)| Step::OpenMiniProgram { code, joins }),
        4 => (login.clone(), phone.clone()).prop_map(|(login, phone)| Step::SendCode { login, phone }),
        6 => (login.clone(), phone, prop::bool::weighted(0.8))
            .prop_map(|(login, phone, right)| Step::Bind { login, phone, right }),
        2 => (login.clone(), 0..PHONE_CODES).prop_map(|(login, code)| Step::BindWechatPhone { login, code }),
        5 => (login.clone(), prop::bool::weighted(0.2))
            .prop_map(|(login, foreign_token)| Step::Poll { login, foreign_token }),
        1 => login.prop_map(|login| Step::Cancel { login }),
    ]
}

/// Returns what the holders of sessions do.
fn by_owner() -> impl Strategy<Value = Step> {
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
        2 => Just(Step::Service(Event::EmptyBoard)),
        1 => Just(Step::Service(Event::Restart)),
        1 => Just(Step::Service(Event::Sweep)),
        4 => Just(Step::Service(Event::OtherNode)),
        2 => any::<bool>().prop_map(|away| Step::Service(Event::Copies { away })),
    ]
}

/// Returns how somebody comes in and binds a phone number where one is asked for, most of the time their own.
fn coming_in() -> impl Strategy<Value = Vec<Step>> {
    let phone = prop::option::weighted(0.4, 0..PHONES.len());
    let follow_up = prop::option::weighted(0.3, Just(Step::FollowUp));
    (way_in(), phone, any::<bool>(), follow_up, collected()).prop_map(
        |((door, code), phone, by_code, follow_up, polls)| {
            let person = code % PERSONS.len();
            let phone = phone.unwrap_or(person);
            let bind = if door == Door::Mini && by_code {
                vec![Step::BindWechatPhone { login: 0, code: phone * PERSONS.len() + person }]
            } else {
                vec![Step::SendCode { login: 0, phone }, Step::Bind { login: 0, phone, right: true }]
            };
            [named(door, code, None), bind, Vec::from_iter(follow_up), polls].concat()
        },
    )
}

/// Returns how somebody adds an identity to the account of a session.
fn joining() -> impl Strategy<Value = Vec<Step>> {
    let by = 0..LOGINS;
    (way_in(), by, collected())
        .prop_map(|((door, code), by, polls)| [named(door, code, Some(by)), polls].concat())
}

/// Returns how an identity is added to an account, is removed, and is perhaps added again.
fn there_and_back() -> impl Strategy<Value = Vec<Step>> {
    (way_in(), 0..LOGINS - 2, collected(), any::<bool>()).prop_map(|((door, code), by, polls, again)| {
        let (app, person) = (door.app(), code % PERSONS.len());
        let mut steps = named(door, code, Some(by));
        // Who asks is now one login further back.
        steps.push(Step::RemoveIdentity { by: by + 1, app, person });
        if again {
            steps.extend(named(door, code + PERSONS.len(), Some(by + 1)));
            steps.push(Step::Poll { login: 1, foreign_token: false });
        }
        [steps, polls].concat()
    })
}

/// Returns how the holder of a session proves another phone number.
fn changing_phones() -> impl Strategy<Value = Vec<Step>> {
    (0..LOGINS, 0..PHONES.len()).prop_map(|(by, phone)| {
        vec![Step::SendNewPhoneCode { by, phone }, Step::ChangePhone { by, phone, right: true }]
    })
}

/// Returns how a browser comes back twice, perhaps otherwise the second time.
fn reloading() -> impl Strategy<Value = Vec<Step>> {
    let door = select(vec![Door::Site, Door::InWechat]);
    let code = || prop::option::weighted(0.8, 0..CODES);
    (door, code(), code(), prop::bool::weighted(0.7)).prop_map(|(door, code, other, same)| {
        let again = if same { code } else { other };
        let start = Step::Start { door, joins: None };
        vec![start, Step::Return { login: 0, code }, Step::Return { login: 0, code: again }]
    })
}

/// Returns a door and the code of whoever comes in by it.
fn way_in() -> impl Strategy<Value = (Door, usize)> {
    (prop_oneof![4 => any_door(), 1 => Just(Door::Mini)], 0..CODES)
}

/// Returns how the session of the last login is collected, or not.
fn collected() -> impl Strategy<Value = Vec<Step>> {
    prop::bool::weighted(0.8).prop_map(|is_collected| {
        let poll = Step::Poll { login: 0, foreign_token: false };
        is_collected.then_some(poll).into_iter().collect()
    })
}

/// Returns how the person behind a code comes to be named by a door.
fn named(door: Door, code: usize, joins: Option<usize>) -> Vec<Step> {
    if door == Door::Mini {
        return vec![Step::OpenMiniProgram { code, joins }];
    }
    let scan = Step::Scan { login: 0, person: code % PERSONS.len() };
    let naming = if door.is_scanned() { scan } else { Step::Return { login: 0, code: Some(code) } };
    vec![Step::Start { door, joins }, naming]
}
