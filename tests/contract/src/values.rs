//! Values for cases: ids, phone numbers and moments that are valid, and told apart by a number.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use saoma_domain::{
    account::{
        Account, AccountId, Attributes, Conflict, ExternalId, Identity, IdentityId, PhoneNumber,
        VerifiedPhone,
    },
    journal::{JournalEntry, JournalId},
    keys::{KeyRing, ServerKey},
    login::{Channel, ClientInfo, LoginContext, LoginId, MessageCode, PollToken, ScenePurpose},
    ports::{
        ActiveSession, Binding, BindingProof, NewSession, Newcomers, PhoneChange, Random, Scan, UnionIdLink,
    },
    session::{AuthMethod, AuthMethods, Session, SessionId, SessionPolicy, SessionTokenHash},
    time::Timestamp,
    wechat::{AppName, OpenAccount, OpenId, Profile, RawUnionId, UnionId},
};

/// How long the code of [`login`] may be scanned.
pub const QR_TTL: Duration = Duration::from_secs(120);

/// How long a phone number may be bound in cases.
pub const BIND_WINDOW: Duration = Duration::from_secs(600);

/// How long a session may be collected in cases.
pub const COLLECT_WINDOW: Duration = Duration::from_secs(60);

/// Returns the moment so many seconds after the cases' beginning of time, in November 2025.
pub fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(1_763_610_000).plus(Duration::from_secs(secs))
}

/// Randomness that counts: every call draws the bytes of the next number.
#[derive(Debug, Default)]
pub struct CountingRandom(AtomicU64);

impl CountingRandom {
    /// Starts at a number.
    pub const fn starting_at(number: u64) -> Self {
        Self(AtomicU64::new(number))
    }
}

impl Random for CountingRandom {
    fn fill(&self, buffer: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (to, from) in buffer.iter_mut().rev().zip(number.iter().rev().cycle()) {
            *to = *from;
        }
    }
}

/// Draws the ids of rows, which have to differ within one store.
static IDS: CountingRandom = CountingRandom::starting_at(1);

/// Returns what draws the ids of rows.
pub fn row_ids() -> &'static CountingRandom {
    &IDS
}

/// Returns the id of an account that no other call has returned.
pub fn new_account_id(made: Timestamp) -> AccountId {
    AccountId::generate(made, &IDS)
}

/// Returns the id of an identity that no other call has returned.
pub fn new_identity_id(made: Timestamp) -> IdentityId {
    IdentityId::generate(made, &IDS)
}

/// Returns the id of a session that no other call has returned.
pub fn new_session_id(made: Timestamp) -> SessionId {
    SessionId::generate(made, &IDS)
}

/// Returns the keys that issued the logins of cases.
pub fn key_ring() -> KeyRing {
    KeyRing::new(ServerKey::new([7; 32]), vec![])
}

/// Returns the poll token with this number.
pub fn poll_token(number: u64) -> PollToken {
    PollToken::generate(&CountingRandom::starting_at(number))
}

/// Returns the login with this number and deadline.
pub fn login_id(number: u64, deadline: Timestamp) -> LoginId {
    LoginId::issue(&poll_token(number), deadline, &key_ring())
}

/// Returns the login with this number, made at the beginning of time for [`QR_TTL`].
pub fn login(number: u64) -> LoginId {
    login_id(number, at(0).plus(QR_TTL))
}

/// Returns the phone number with this number, below 100 million.
pub fn phone(number: u32) -> VerifiedPhone {
    let number = PhoneNumber::parse(&format!("+86138{number:08}")).expect("a mobile number");
    VerifiedPhone::vouched_for(number)
}

/// Returns an openid.
pub fn openid(text: &str) -> OpenId {
    OpenId::parse(text).expect("an openid")
}

/// Returns a unionid.
pub fn unionid(text: &str) -> RawUnionId {
    RawUnionId::parse(text).expect("a unionid")
}

/// Returns a person within an open-platform account.
pub fn union_within(open_account: &str, union: &str) -> UnionId {
    let open_account = OpenAccount::parse(open_account).expect("the name of an open-platform account");
    UnionId { open_account, unionid: unionid(union) }
}

/// Returns a person within the open-platform account `default`.
pub fn union(text: &str) -> UnionId {
    union_within("default", text)
}

/// Returns the name of an app.
pub fn app(name: &str) -> AppName {
    AppName::parse(name).expect("the name of an app")
}

/// Returns the code of a message.
pub fn message_code(digits: &str) -> MessageCode {
    MessageCode::parse(digits).expect("six digits")
}

/// Returns the proof of a binding with this number.
pub fn proof(number: u64) -> BindingProof {
    let mut bytes = [0; 32];
    CountingRandom::starting_at(number).fill(&mut bytes);
    BindingProof(bytes)
}

/// Returns the hash of the session token with this number.
pub fn token_hash(number: u64) -> SessionTokenHash {
    SessionTokenHash::from_store(proof(number).0)
}

/// Returns a session with this number, made at a moment, with an account of two identities.
pub fn known_session(number: u64, made: Timestamp) -> ActiveSession {
    let phone = PhoneNumber::parse("+8613800138000").expect("a mobile number");
    let account = Account {
        external_id: Some(ExternalId::parse("customer-17").expect("an external id")),
        attributes: Some(Attributes::of_json(r#"{"level":"gold"}"#).expect("attributes")),
        profile: Profile { nickname: Some("明".to_owned()), avatar_url: None },
        ..Account::new(new_account_id(made), Some(phone), made)
    };
    let session = Session {
        id: new_session_id(made),
        login: login_id(number, made),
        account: account.id,
        created_at: made,
        last_seen_at: made,
        client_info: client_info(),
        auth_methods: AuthMethods::from(AuthMethod::WechatQr).and(AuthMethod::Sms),
    };
    let identity = |app_name: &str, channel| Identity {
        id: new_identity_id(made),
        app: app(app_name),
        channel,
        openid: openid("oLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA"),
        union: Some(union("uLq7Z5kT9vXc2Bn4Mf8Wd1Rj6HsA")),
        account: Some(account.id),
        profile: Profile {
            nickname: Some("明 \"Ming\"".to_owned()),
            avatar_url: Some("https://thirdwx.qlogo.cn/mmopen/g3MonUZtNHkdmzicIlibx6iaFqAc/46".to_owned()),
        },
        unsubscribed_at: Some(made),
    };
    let other = Account { id: new_account_id(made), ..account.clone() };
    let identities = vec![identity("main", Channel::OfficialAccount), identity("site", Channel::Website)];
    let conflicts = vec![Conflict { identity: identity("site", Channel::Website), other }];
    ActiveSession { session, account, identities, conflicts }
}

/// Returns a client with a browser.
pub fn client_info() -> ClientInfo {
    ClientInfo::new("2001:db8::7", "Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0")
}

/// Returns the longest context that a login can have, for a client whose `User-Agent` repeats a text.
pub fn longest_context(user_agent: &str) -> LoginContext {
    LoginContext {
        channel: Channel::OfficialAccount,
        app: app(&"a".repeat(32)),
        purpose: ScenePurpose::parse("p".repeat(16)).expect("a purpose"),
        client_info: ClientInfo::new(
            "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
            &user_agent.repeat(2 * ClientInfo::USER_AGENT_BYTES),
        ),
    }
}

/// Returns the scan of a login by a follower of the app `main`, one second after the beginning of time.
pub fn scan(login: LoginId, follower: &str) -> Scan {
    Scan {
        login,
        app: app("main"),
        channel: Channel::OfficialAccount,
        openid: openid(follower),
        union: None,
        profile: Profile::default(),
        client_info: client_info(),
        at: at(1),
        window: BIND_WINDOW,
        new_identity: new_identity_id(at(1)),
        newcomers: Newcomers::AskForPhone,
        asks: None,
        terms: None,
        entry: None,
    }
}

/// Returns the binding of a login to a phone number, two seconds after the beginning of time; its proof has
/// the number of the phone.
pub fn binding(login: LoginId, number: u32) -> Binding {
    Binding {
        login,
        phone: Some(phone(number)),
        proven_by: Some(AuthMethod::Sms),
        admits: true,
        admits_number_alone: true,
        proof: proof(number.into()),
        at: at(2),
        window: COLLECT_WINDOW,
        new_account: new_account_id(at(2)),
        seen_since: None,
        terms: None,
    }
}

/// Returns the change of an account's number that the login 1 asks for, nine seconds after the beginning of time.
pub fn phone_change(account: AccountId, number: u32) -> PhoneChange {
    phone_change_at(account, number, login(1), at(9))
}

/// Returns the change of an account's number.
pub fn phone_change_at(account: AccountId, number: u32, asked_by: LoginId, at: Timestamp) -> PhoneChange {
    PhoneChange { account, phone: phone(number), asked_by, at }
}

/// Returns the link of an identity to a unionid of the open-platform account `default`, two seconds after the
/// beginning of time.
pub fn link(login: LoginId, identity: IdentityId, unionid: &str) -> UnionIdLink {
    UnionIdLink { login, identity, union: union(unionid), at: at(2), window: COLLECT_WINDOW }
}

/// Returns a session to open for a login, three seconds after the beginning of time; its token has the number.
pub fn new_session(login: LoginId, account: AccountId, number: u64) -> NewSession {
    NewSession {
        id: new_session_id(at(3)),
        login,
        account,
        token_hash: token_hash(number),
        client_info: client_info(),
        at: at(3),
        policy: SessionPolicy { idle: Duration::from_secs(1800), absolute: Duration::from_secs(2_592_000) },
    }
}

/// Returns the entry of a scan by a person, so many seconds after the beginning.
pub fn journal_entry(person: &str, secs: u64) -> JournalEntry {
    JournalEntry {
        id: JournalId::new(at(secs), 7),
        received_at: at(secs),
        told_at: at(secs),
        app: app("main"),
        openid: openid(person),
        kind: "scan".into(),
        key: Some("login:web:x".to_owned()),
        text: None,
        msg_id: None,
        outcome: "logged_in".into(),
        login: None,
        node: "node-1".into(),
        request_id: format!("r{secs}"),
        took_ms: 7,
        replay_of: None,
    }
}
