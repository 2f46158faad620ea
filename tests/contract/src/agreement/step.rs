//! What can be done to a ledger.

use std::time::Duration;

use proptest::prelude::*;

/// How many logins are under way at once, and how many people, phone numbers and unionids there are.
pub(super) const LOGINS: usize = 4;
pub(super) const PERSONS: usize = 3;
pub(super) const PHONES: usize = 3;
pub(super) const UNIONS: usize = 2;

/// The apps' names and the open-platform accounts that they belong to.
pub(super) const APPS: [(&str, &str); 3] = [("main", "default"), ("site", "default"), ("mini", "other")];

/// Something that is done to both ledgers. Logins, apps, persons, phone numbers and unionids are known by their
/// number; accounts, identities, scans and sessions by how many of them were seen later.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A new login takes the place of one with this number.
    Start {
        login: usize,
    },
    /// Somebody goes all the way that a new login takes, which few sequences of single steps do.
    Visit {
        login: usize,
        link_to: Option<usize>,
        scan: By,
        phone: Option<usize>,
    },
    Expect {
        login: usize,
        account: usize,
    },
    Scan {
        login: usize,
        scan: By,
    },
    Bind {
        login: usize,
        phone: usize,
        code: u64,
    },
    /// The unionid of somebody who scanned turns up, by that login or another one.
    Link {
        scan: usize,
        union: usize,
        foreign: Option<usize>,
    },
    End {
        login: usize,
        denied: bool,
    },
    Open {
        login: usize,
    },
    Touch {
        session: usize,
    },
    EndSession {
        session: usize,
        foreign: Option<usize>,
    },
    EndAll {
        account: usize,
    },
    EndUntil {
        account: usize,
        ago: Duration,
    },
    Remove {
        identity: usize,
        asked_by: usize,
    },
    ChangePhone {
        account: usize,
        phone: usize,
    },
    Follow {
        app: usize,
        person: usize,
        follows: bool,
        ago: Duration,
    },
    Shut {
        account: usize,
        shut: bool,
    },
    Redemption {
        code: usize,
        by: u64,
        kept: Duration,
    },
    Prune {
        batch: u32,
    },
    Pass {
        time: Duration,
    },
    /// From here on the calls come from a node whose clock is so much behind.
    Behind {
        time: Duration,
    },
}

/// Who scans, and what WeChat tells about them.
#[derive(Clone, Copy, Debug)]
pub(super) struct By {
    pub(super) app: usize,
    pub(super) person: usize,
    pub(super) union: Option<usize>,
    pub(super) tells_name: bool,
}

/// Makes any step.
pub(super) fn any() -> impl Strategy<Value = Step> {
    prop_oneof![
        24 => of_logins(),
        10 => of_sessions(),
        10 => of_accounts(),
        8 => of_time(),
    ]
}

fn of_logins() -> impl Strategy<Value = Step> {
    let (login, phone, union) = (0..LOGINS, 0..PHONES, 0..UNIONS);
    prop_oneof![
        2 => login.clone().prop_map(|login| Step::Start { login }),
        2 => (login.clone(), recent()).prop_map(|(login, account)| Step::Expect { login, account }),
        6 => (login.clone(), by()).prop_map(|(login, scan)| Step::Scan { login, scan }),
        9 => (login.clone(), prop::option::weighted(0.3, recent()), by(), prop::option::weighted(0.8, phone.clone()))
            .prop_map(|(login, link_to, scan, phone)| Step::Visit { login, link_to, scan, phone }),
        6 => (login.clone(), phone, 0..2_u64).prop_map(|(login, phone, code)| Step::Bind { login, phone, code }),
        4 => (recent(), union, prop::option::weighted(0.1, login.clone()))
            .prop_map(|(scan, union, foreign)| Step::Link { scan, union, foreign }),
        1 => (login, prop::bool::ANY).prop_map(|(login, denied)| Step::End { login, denied }),
    ]
}

fn by() -> impl Strategy<Value = By> {
    let union = prop::option::weighted(0.3, 0..UNIONS);
    (0..APPS.len(), 0..PERSONS, union, prop::bool::ANY).prop_map(|(app, person, union, tells_name)| By {
        app,
        person,
        union,
        tells_name,
    })
}

fn of_sessions() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..LOGINS).prop_map(|login| Step::Open { login }),
        1 => recent().prop_map(|session| Step::Touch { session }),
        2 => (recent(), prop::option::weighted(0.2, recent()))
            .prop_map(|(session, foreign)| Step::EndSession { session, foreign }),
        1 => recent().prop_map(|account| Step::EndAll { account }),
        1 => (recent(), a_while()).prop_map(|(account, ago)| Step::EndUntil { account, ago }),
    ]
}

fn of_accounts() -> impl Strategy<Value = Step> {
    let (app, person, phone) = (0..APPS.len(), 0..PERSONS, 0..PHONES);
    prop_oneof![
        4 => (recent(), recent()).prop_map(|(identity, asked_by)| Step::Remove { identity, asked_by }),
        2 => (recent(), phone).prop_map(|(account, phone)| Step::ChangePhone { account, phone }),
        3 => (app, person, prop::bool::ANY, a_while())
            .prop_map(|(app, person, follows, ago)| Step::Follow { app, person, follows, ago }),
        1 => (recent(), prop::bool::ANY).prop_map(|(account, shut)| Step::Shut { account, shut }),
        2 => (0..2_usize, 0..2_u64, a_while()).prop_map(|(code, by, kept)| Step::Redemption { code, by, kept }),
    ]
}

fn of_time() -> impl Strategy<Value = Step> {
    let batch = prop::sample::select(vec![1, 2, 1000]);
    prop_oneof![
        6 => a_while().prop_map(|time| Step::Pass { time }),
        2 => batch.prop_map(|batch| Step::Prune { batch }),
        1 => prop::sample::select(vec![0, 1, 2000])
            .prop_map(|millis| Step::Behind { time: Duration::from_millis(millis) }),
    ]
}

/// How many of a kind were seen later: the youngest are the most interesting.
fn recent() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..3_usize, 1 => 0..12_usize]
}

/// Times around everything that is limited: codes, binding, collecting, and for how long rows are kept.
fn a_while() -> impl Strategy<Value = Duration> {
    const DAY: u64 = 86_400;
    let secs = prop::sample::select(vec![0, 1, 1, 60, 60, 60, 120, 600, 3600, DAY]);
    let less = prop::sample::select(vec![0, 0, 1, 500]);
    (secs, less).prop_map(|(secs, less): (u64, u64)| {
        Duration::from_secs(secs).saturating_sub(Duration::from_millis(less))
    })
}
