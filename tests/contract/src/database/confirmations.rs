//! Phones that are asked before their scan counts.

use std::time::Duration;

use saoma_domain::{
    account::IdentityId,
    login::{
        ConfirmNumber, ExpiryReason, Login, LoginEvent, LoginId, LoginState, PhoneQuestion, WRONG_NUMBERS,
    },
    nearness::Demand,
    ports::{
        Answered, Asks, AuditFilter, AuditKind, Binding, Bound, Confirmation, Newcomers, PhoneAnswer, Scan,
        ScanRecord, ScanTaken,
    },
    session::{AuthMethod, AuthMethods},
};

use super::{DatabaseStage, stage::reason_of};
use crate::{
    all_at_once, patiently,
    values::{COLLECT_WINDOW, app, at, binding, link, login, new_account_id, new_session, openid, scan},
};

/// How long the phones of these cases may take to answer.
const WINDOW: Duration = Duration::from_secs(90);

fn number(text: &str) -> ConfirmNumber {
    ConfirmNumber::parse(text).expect("two digits")
}

fn asking(login: LoginId, person: &str, question: PhoneQuestion) -> Scan {
    Scan { asks: Some(Asks { question, window: WINDOW }), ..scan(login, person) }
}

fn by_click(login: LoginId, person: &str) -> Scan {
    asking(login, person, PhoneQuestion::YesOrNo)
}

fn by_number(login: LoginId, person: &str) -> Scan {
    asking(login, person, PhoneQuestion::Number { number: number("47"), wrong: 0 })
}

fn answer(login: LoginId, identity: IdentityId, answer: PhoneAnswer) -> Confirmation {
    let (window, newcomers) = (COLLECT_WINDOW, Newcomers::AskForPhone);
    let (demand, new_number) = (Demand::AsAsked, number("74"));
    Confirmation { login, identity, answer, at: at(5), window, newcomers, terms: None, demand, new_number }
}

impl DatabaseStage {
    async fn answered(&self, told: Confirmation) -> Answered {
        patiently(|| self.logins.confirm(told.clone())).await
    }

    async fn let_in(&self, told: Confirmation) -> ScanRecord {
        match self.answered(told).await {
            Answered::LetIn(record) => record,
            other => panic!("not let in: {other:?}"),
        }
    }

    /// Lists how the refusals of a login are in the trail.
    pub(super) async fn refusals(&self, of: LoginId) -> Vec<String> {
        let filter = AuditFilter { kind: Some(AuditKind::LoginRefused), ..AuditFilter::default() };
        let records = self.trail.records(filter, None, 100).await.expect("the store works");
        let of_login = records.into_iter().filter(|record| record.note.login == Some(of));
        of_login.filter_map(|record| record.note.outcome).collect()
    }
}

pub(crate) async fn a_phone_that_says_yes_hears_that_its_account_is_shut(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let asked = stage.first(by_click(login(2), "oAnna")).await;
    stage.accounts.set_disabled(account, true).await.expect("the store works");
    let told = answer(login(2), asked.identity, PhoneAnswer::Yes);
    assert!(stage.let_in(told.clone()).await.is_disabled);
    let again = stage.answered(told).await;
    assert!(matches!(&again, Answered::LetInBefore(record) if record.is_disabled), "{again:?}");
}

pub(crate) async fn a_scan_counts_once_its_phone_says_yes(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let asked = stage.first(by_click(login(2), "oAnna")).await;
    let state = LoginState::Scanned {
        identity: asked.identity,
        question: PhoneQuestion::YesOrNo,
        deadline: at(1).plus(WINDOW),
    };
    assert_eq!(asked.login, Login { id: login(2), version: 2, state });
    assert_eq!(stage.login(login(2)).await, asked.login);
    let again = stage.take(by_click(login(2), "oAnna")).await;
    assert_eq!(again, ScanTaken::Again(asked.clone()), "the phone is asked the same again");
    assert_eq!(stage.take(by_click(login(2), "oBert")).await, ScanTaken::ByAnother);

    let record = stage.let_in(answer(login(2), asked.identity, PhoneAnswer::Yes)).await;
    let state = LoginState::Registered { account, since: at(5), collect_by: at(5).plus(COLLECT_WINDOW) };
    assert_eq!(record.login, Login { id: login(2), version: 3, state });
    assert!(record.known);
    let again = stage.answered(answer(login(2), asked.identity, PhoneAnswer::Yes)).await;
    assert!(matches!(&again, Answered::LetInBefore(again) if again.login == record.login), "{again:?}");
    assert!(matches!(stage.take(by_click(login(2), "oAnna")).await, ScanTaken::Again(again) if again.known));
    let session = stage.open(new_session(login(2), account, 1)).await.active.session;
    let methods = AuthMethods::from(AuthMethod::WechatQr).and(AuthMethod::ConfirmClick);
    assert_eq!(session.auth_methods, methods);
}

pub(crate) async fn a_new_person_is_asked_before_anything_is_theirs(stage: DatabaseStage) {
    let asked = stage.first(by_click(login(1), "oAnna")).await;
    let refused = stage.bind(binding(login(1), 1)).await;
    assert!(matches!(refused, Bound::Refused(_)), "{refused:?}");
    let record = stage.let_in(answer(login(1), asked.identity, PhoneAnswer::Yes)).await;
    assert!(matches!(record.login.state, LoginState::Unregistered { .. }), "{record:?}");
    let (_, account) = stage.bound(Binding { at: at(6), ..binding(login(1), 1) }).await;
    let session = stage.open(new_session(login(1), account, 1)).await.active.session;
    assert!(session.auth_methods.has(AuthMethod::ConfirmClick) && session.auth_methods.has(AuthMethod::Sms));
}

pub(crate) async fn no_account_is_made_before_the_yes(stage: DatabaseStage) {
    let account = new_account_id(at(1));
    let admitted = Scan { newcomers: Newcomers::Admit(account), ..by_click(login(1), "oAnna") };
    let asked = stage.first(admitted).await;
    assert!(!stage.has_account(account).await);
    let yes = answer(login(1), asked.identity, PhoneAnswer::Yes);
    let record = stage.let_in(Confirmation { newcomers: Newcomers::Admit(account), ..yes }).await;
    assert!(matches!(record.login.state, LoginState::Registered { account: own, .. } if own == account));
    assert!(record.bound_now && stage.has_account(account).await);
}

pub(crate) async fn a_phone_that_says_no_ends_the_login(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let asked = stage.first(by_click(login(2), "oAnna")).await;
    let refused = stage.answered(answer(login(2), asked.identity, PhoneAnswer::No)).await;
    let Answered::Refused(ended) = refused else { panic!("{refused:?}") };
    assert_eq!(ended.state, LoginState::Expired { reason: ExpiryReason::Denied, since: at(5) });
    assert_eq!(stage.refusals(login(2)).await, ["refused_on_phone"]);
    let late = stage.answered(answer(login(2), asked.identity, PhoneAnswer::Yes)).await;
    assert_eq!(late, Answered::Over(ended.clone()));
    assert_eq!(stage.take(by_click(login(2), "oAnna")).await, ScanTaken::Over(ExpiryReason::Denied));
    let issued = stage.sessions.issue(new_session(login(2), account, 1)).await;
    assert_eq!(issued, Ok(None), "no session comes of it");
}

pub(crate) async fn a_number_has_to_be_the_one_that_the_client_shows(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let identity = stage.first(by_number(login(2), "oAnna")).await.identity;
    let told = |given| answer(login(2), identity, given);
    let plain = stage.answered(told(PhoneAnswer::Yes)).await;
    assert!(matches!(plain, Answered::NumberNeeded(_)), "a yes is not enough: {plain:?}");
    let wrong = stage.answered(told(PhoneAnswer::Number(Some(number("48"))))).await;
    let Answered::WrongNumber(login_now) = wrong else { panic!("{wrong:?}") };
    assert!(matches!(
        login_now.state,
        LoginState::Scanned { question: PhoneQuestion::Number { wrong: 1, .. }, .. }
    ));
    let record = stage.let_in(told(PhoneAnswer::Number(Some(number("47"))))).await;
    assert!(matches!(record.login.state, LoginState::Registered { .. }));
}

pub(crate) async fn three_wrong_numbers_end_the_login(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let identity = stage.first(by_number(login(2), "oAnna")).await.identity;
    let told = |given| answer(login(2), identity, PhoneAnswer::Number(given));
    for given in [Some(number("48")), None] {
        assert!(
            matches!(stage.answered(told(given)).await, Answered::WrongNumber(login) if !login.state.is_final())
        );
    }
    let last = stage.answered(told(Some(number("49")))).await;
    let Answered::WrongNumber(ended) = last else { panic!("{last:?}") };
    assert_eq!(ended.state, LoginState::Expired { reason: ExpiryReason::Denied, since: at(5) });
    assert_eq!(stage.refusals(login(2)).await, ["wrong_numbers"]);
    assert_eq!(stage.answered(told(Some(number("47")))).await, Answered::Over(ended));
}

pub(crate) async fn a_yes_from_elsewhere_may_take_a_number_that_was_not_asked_for(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let identity = stage.first(by_click(login(2), "oAnna")).await.identity;
    let told = |given| Confirmation { demand: Demand::Number, ..answer(login(2), identity, given) };
    let asked = stage.answered(told(PhoneAnswer::Yes)).await;
    let Answered::NumberNeeded(login_now) = asked else { panic!("{asked:?}") };
    let question = PhoneQuestion::Number { number: number("74"), wrong: 0 };
    let state = LoginState::Scanned { identity, question, deadline: at(1).plus(WINDOW) };
    assert_eq!(login_now, Login { id: login(2), version: 3, state });
    assert_eq!(stage.login(login(2)).await, login_now);
    let again = Confirmation { new_number: number("55"), ..told(PhoneAnswer::Yes) };
    assert_eq!(stage.answered(again).await, Answered::NumberNeeded(login_now.clone()), "the number stays");
    let nearer = answer(login(2), identity, PhoneAnswer::Yes);
    assert_eq!(
        stage.answered(nearer).await,
        Answered::NumberNeeded(login_now),
        "and is asked for from anywhere"
    );
    stage.let_in(told(PhoneAnswer::Number(Some(number("74"))))).await;
}

pub(crate) async fn a_yes_from_elsewhere_may_end_the_login(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    for (id, scan) in [(2, by_click(login(2), "oAnna")), (3, by_number(login(3), "oAnna"))] {
        let identity = stage.first(scan).await.identity;
        let right = PhoneAnswer::Number(Some(number("47")));
        let told = Confirmation { demand: Demand::Nothing, ..answer(login(id), identity, right) };
        let refused = stage.answered(told).await;
        let Answered::Elsewhere(ended) = refused else { panic!("{refused:?}") };
        assert_eq!(ended.state, LoginState::Expired { reason: ExpiryReason::Denied, since: at(5) });
        assert_eq!(stage.refusals(login(id)).await, ["elsewhere"]);
        assert_eq!(stage.answered(answer(login(id), identity, right)).await, Answered::Over(ended));
    }
}

pub(crate) async fn wrong_numbers_at_once_are_all_counted(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let identity = stage.first(by_number(login(2), "oAnna")).await.identity;
    let wrong = answer(login(2), identity, PhoneAnswer::Number(Some(number("48"))));
    let tries = (0..8).map(|_| {
        let (stage, wrong) = (stage.clone(), wrong.clone());
        async move { stage.answered(wrong).await }
    });
    let counted = all_at_once(tries).await;
    let counted = counted.iter().filter(|answered| matches!(answered, Answered::WrongNumber(_))).count();
    assert_eq!(counted, usize::from(WRONG_NUMBERS));
    assert!(stage.login(login(2)).await.state.is_final());
}

pub(crate) async fn of_yes_and_no_at_once_one_counts(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    for number in 10..20 {
        let identity = stage.first(by_click(login(number), "oAnna")).await.identity;
        let both = [PhoneAnswer::Yes, PhoneAnswer::No].map(|given| {
            let (stage, told) = (stage.clone(), answer(login(number), identity, given));
            async move { stage.answered(told).await }
        });
        let both = all_at_once(both).await;
        let let_in = both.iter().filter(|answered| matches!(answered, Answered::LetIn(_))).count();
        let refused = both.iter().filter(|answered| matches!(answered, Answered::Refused(_))).count();
        assert_eq!(let_in + refused, 1, "{both:?}");
    }
}

pub(crate) async fn a_phone_cannot_answer_after_the_deadline_or_for_another(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let bert = stage.first(scan(login(3), "oBert")).await.identity;
    let identity = stage.first(by_click(login(2), "oAnna")).await.identity;
    let of_bert = stage.answered(answer(login(2), bert, PhoneAnswer::Yes)).await;
    assert_eq!(of_bert, Answered::NotTheirs);
    let late = Confirmation { at: at(1).plus(WINDOW), ..answer(login(2), identity, PhoneAnswer::Yes) };
    let over = stage.answered(late).await;
    let Answered::Over(ended) = over else { panic!("{over:?}") };
    assert_eq!(reason_of(&ended, at(1).plus(WINDOW)), ExpiryReason::Timeout);
    let unasked = stage.answered(answer(login(3), bert, PhoneAnswer::Yes)).await;
    assert!(matches!(unasked, Answered::Over(_)), "{unasked:?}");
    let unknown = stage.answered(answer(login(9), bert, PhoneAnswer::Yes)).await;
    assert_eq!(unknown, Answered::NotTheirs);
}

pub(crate) async fn a_client_can_give_up_while_the_phone_is_asked(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let identity = stage.first(by_click(login(2), "oAnna")).await.identity;
    let ended = stage.end(login(2), LoginEvent::Cancelled, at(4)).await;
    let late = stage.answered(answer(login(2), identity, PhoneAnswer::Yes)).await;
    assert_eq!(late, Answered::Over(ended));
}

pub(crate) async fn a_pending_link_waits_for_the_yes(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    stage.add_pending_link(login(2), account).await;
    let in_shop = Scan { app: app("shop"), ..by_click(login(2), "oAnnaInShop") };
    let asked = stage.first(in_shop).await;
    assert_eq!(stage.openids(account).await, [openid("oAnna")]);
    let record = stage.let_in(answer(login(2), asked.identity, PhoneAnswer::Yes)).await;
    assert!(record.linked && record.bound_now);
    assert_eq!(stage.openids(account).await.len(), 2);
}

pub(crate) async fn the_login_that_a_person_is_asked_about_is_found(stage: DatabaseStage) {
    stage.register(login(1), "oAnna", 1).await;
    let find =
        async |at| stage.logins.asked_of(&app("main"), &openid("oAnna"), at).await.expect("the store works");
    assert_eq!(find(at(2)).await, None);
    stage.first(by_number(login(2), "oAnna")).await;
    let later = stage.first(Scan { at: at(3), ..by_number(login(3), "oAnna") }).await;
    let found = find(at(4)).await.expect("the phone is asked");
    assert_eq!((found.login, found.identity), (later.login, later.identity));
    assert_eq!(find(at(3).plus(WINDOW)).await, None, "in time only");
    stage.answered(answer(login(3), later.identity, PhoneAnswer::No)).await;
    assert_eq!(find(at(6)).await, None, "only the last one is asked about");
}

pub(crate) async fn a_unionid_lets_no_client_in_whose_phone_is_asked(stage: DatabaseStage) {
    let account = stage.register(login(1), "oAnna", 1).await;
    let known = stage.first(scan(login(2), "oAnna")).await.identity;
    assert_eq!(stage.link(link(login(2), known, "uAnna")).await, None, "it is registered already");
    let record = stage.first(Scan { app: app("shop"), ..by_click(login(3), "oAnnaInShop") }).await;
    assert_eq!(stage.link(link(login(3), record.identity, "uAnna")).await, None);
    assert_eq!(stage.login(login(3)).await, record.login, "the phone is asked all the same");
    let let_in = stage.let_in(answer(login(3), record.identity, PhoneAnswer::Yes)).await;
    assert!(matches!(let_in.login.state, LoginState::Registered { account: own, .. } if own == account));
}
