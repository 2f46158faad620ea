//! Steps that belong together, which chance alone would seldom put in a row.

use std::time::Duration;

use proptest::{collection, prelude::*, sample::select};

use super::{
    cast::{CODES, PERSONS, PHONES, WayIn},
    step::{Answer, Event, LOGINS, Step},
    story::by_owner,
};

/// Returns how a person comes in and binds a phone number where one is asked for, most of the time their own.
pub(super) fn coming_in() -> impl Strategy<Value = Vec<Step>> {
    let phone = prop::option::weighted(0.4, 0..PHONES.len());
    let follow_up = prop::option::weighted(0.3, Just(Step::FollowUp));
    (way_in_and_code(), phone, any::<bool>(), follow_up, collected()).prop_map(
        |((way_in, code), phone, by_code, follow_up, polls)| {
            let person = code % PERSONS.len();
            let phone = phone.unwrap_or(person);
            let bind = if way_in.app() == WayIn::Mini.app() && by_code {
                vec![Step::BindWechatPhone { login: 0, code: phone * PERSONS.len() + person }]
            } else {
                vec![Step::SendCode { login: 0, phone }, Step::Bind { login: 0, phone, right: true }]
            };
            [named(way_in, code, None), bind, Vec::from_iter(follow_up), polls].concat()
        },
    )
}

/// Returns how a person adds an identity to the account of a session, whose holder may do something meanwhile.
pub(super) fn pending_link() -> impl Strategy<Value = Vec<Step>> {
    let meanwhile = prop_oneof![2 => Just(None), 1 => by_owner().prop_map(Some)];
    (way_in_and_code(), 0..LOGINS, meanwhile, any::<bool>(), collected()).prop_map(
        |((way_in, code), by, meanwhile, logs_out, polls)| {
            let mut steps = named(way_in, code, Some(by));
            // Who asks is one login further back by then.
            let log_out = Step::LogOutEverywhere { login: by + 1 };
            let meanwhile = meanwhile.map(|step| if logs_out { log_out } else { step });
            steps.splice(1..1, meanwhile);
            [steps, polls].concat()
        },
    )
}

/// Returns how an identity is added to an account, is removed, and is perhaps added again.
pub(super) fn there_and_back() -> impl Strategy<Value = Vec<Step>> {
    (way_in_and_code(), 0..LOGINS - 2, collected(), any::<bool>()).prop_map(
        |((way_in, code), by, polls, again)| {
            let (app, person) = (way_in.app(), code % PERSONS.len());
            let mut steps = named(way_in, code, Some(by));
            // Who asks is now one login further back.
            steps.push(Step::RemoveIdentity { by: by + 1, app, person });
            if again {
                steps.extend(named(way_in, code + PERSONS.len(), Some(by + 1)));
                steps.push(Step::Poll { login: 1, foreign_token: false });
            }
            [steps, polls].concat()
        },
    )
}

/// Returns what phones say of a code that one of them scanned, while something happens to the service; perhaps a yes in the end.
pub(super) fn asked() -> impl Strategy<Value = Vec<Step>> {
    let way_in = select(vec![WayIn::Main, WayIn::Shop]);
    let said = prop_oneof![
        3 => (prop_oneof![3 => Just(None), 1 => (0..PERSONS.len()).prop_map(Some)], answer())
            .prop_map(|(other, answer)| (other, Some(answer))),
        1 => Just((None, None)),
    ];
    let meanwhile = select(vec![Event::EmptyCaches, Event::OtherNode, Event::Restart, Event::Reconcile]);
    let said = collection::vec((said, meanwhile), 1..5);
    let link_to = prop::option::weighted(0.3, 0..LOGINS);
    (way_in, 0..PERSONS.len(), link_to, said, collected()).prop_map(
        |(way_in, person, link_to, said, polls)| {
            let start = vec![Step::Start { way_in, link_to }, Step::Scan { login: 0, person }];
            let said = said.into_iter().map(|((other, answer), event)| match answer {
                Some(answer) => Step::Answer { login: 0, person: other.unwrap_or(person), answer },
                None => Step::Service(event),
            });
            start.into_iter().chain(said).chain(polls).collect()
        },
    )
}

/// Returns what a phone says that is asked.
pub(super) fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        2 => Just(Answer::Yes),
        2 => any::<bool>().prop_map(|right| Answer::Number { right }),
        1 => Just(Answer::No),
    ]
}

/// Returns how a person comes in by a phone number alone, and perhaps tries to change the ways in.
pub(super) fn by_number() -> impl Strategy<Value = Vec<Step>> {
    let meanwhile = prop_oneof![1 => Just(None), 1 => by_owner().prop_map(Some)];
    (0..PHONES.len(), collected(), meanwhile).prop_map(|(phone, polls, meanwhile)| {
        let bind = vec![
            Step::StartByNumber,
            Step::SendCode { login: 0, phone },
            Step::Bind { login: 0, phone, right: true },
        ];
        [bind, polls, Vec::from_iter(meanwhile)].concat()
    })
}

/// Returns how the holder of a session proves another phone number.
pub(super) fn changing_phones() -> impl Strategy<Value = Vec<Step>> {
    (0..LOGINS, 0..PHONES.len()).prop_map(|(by, phone)| {
        vec![Step::SendNewPhoneCode { by, phone }, Step::ChangePhone { by, phone, right: true }]
    })
}

/// Returns how a browser comes back twice, perhaps otherwise the second time, and perhaps so late that it is not
/// sure to be in time.
pub(super) fn reloading() -> impl Strategy<Value = Vec<Step>> {
    let way_in = select(vec![WayIn::Site, WayIn::InWechat]);
    let code = || prop::option::weighted(0.8, 0..CODES);
    let secs = prop_oneof![3 => Just(0), 1 => select(vec![595, 596, 599])];
    (way_in, secs, code(), code(), prop::bool::weighted(0.6)).prop_map(|(way_in, secs, code, other, same)| {
        let again = if same { code } else { other };
        let late = Step::Pass { time: Duration::from_secs(secs) };
        let returns = [code, again].map(|code| Step::Return { login: 0, code });
        [vec![Step::Start { way_in, link_to: None }, late], returns.to_vec()].concat()
    })
}

/// Returns how two logins of one user of the mini program try the same code for a phone number.
pub(super) fn sharing_a_phone_code() -> impl Strategy<Value = Vec<Step>> {
    (0..12_usize, 0..PHONES.len()).prop_map(|(code, phone)| {
        let opened = |code| Step::OpenMiniProgram { code, link_to: None };
        let code_of_phone = phone * PERSONS.len() + code % PERSONS.len();
        let bind = |login| Step::BindWechatPhone { login, code: code_of_phone };
        vec![opened(code), opened(code + PERSONS.len()), bind(0), bind(1), bind(0)]
    })
}

/// Returns how the holder of a session does something while the session cache is out of reach.
pub(super) fn out_of_reach() -> impl Strategy<Value = Vec<Step>> {
    let session_cache = |away| Step::Service(Event::SessionCache { away });
    collection::vec(by_owner(), 1..3)
        .prop_map(move |steps| [vec![session_cache(true)], steps, vec![session_cache(false)]].concat())
}

/// Returns a way in and the code of the person who comes in by it.
fn way_in_and_code() -> impl Strategy<Value = (WayIn, usize)> {
    (prop_oneof![4 => any_way_in(), 1 => Just(WayIn::Mini)], 0..CODES)
}

/// Returns how the session of the last login is collected, or not.
fn collected() -> impl Strategy<Value = Vec<Step>> {
    prop::bool::weighted(0.8).prop_map(|is_collected| {
        let poll = Step::Poll { login: 0, foreign_token: false };
        is_collected.then_some(poll).into_iter().collect()
    })
}

/// Returns how the person behind a code comes to be named by a way in.
fn named(way_in: WayIn, code: usize, link_to: Option<usize>) -> Vec<Step> {
    if way_in == WayIn::Mini {
        return vec![Step::OpenMiniProgram { code, link_to }];
    }
    if way_in == WayIn::MiniCode {
        let on_page = |answer| Step::OnPage { login: 0, person: code % PERSONS.len(), answer };
        return vec![Step::Start { way_in, link_to }, on_page(None), on_page(Some(true))];
    }
    let scan = Step::Scan { login: 0, person: code % PERSONS.len() };
    let start = Step::Start { way_in, link_to };
    if !way_in.is_scanned() {
        return vec![start, Step::Return { login: 0, code: Some(code) }];
    }
    // Where its phone is not asked, this is no step.
    let answer = Answer::Number { right: true };
    vec![start, scan, Step::Answer { login: 0, person: code % PERSONS.len(), answer }]
}

pub(super) fn any_way_in() -> impl Strategy<Value = WayIn> {
    select(vec![WayIn::Main, WayIn::Shop, WayIn::Site, WayIn::InWechat, WayIn::MiniCode])
}
