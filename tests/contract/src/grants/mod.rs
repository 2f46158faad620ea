//! The suite of what OpenID clients are granted.

mod codes;
mod ends;
mod refreshes;

use std::{sync::Arc, time::Duration};

use saoma_domain::{
    account::AccountId,
    event::{Event, EventKind, EventKinds, Listeners, ReceiverName},
    login::LoginState,
    oidc::{AuthorizationCode, ClientId, Grant, GrantId, RefreshToken, Scopes},
    ports::{
        Accounts, AuditKind, AuditTrail, CodeRedemption, GrantHolder, Grants, Logins, NewGrant, Outbox,
        People, Pruning, Redeemed, Refresh, Refreshed, Sessions,
    },
    session::SessionId,
    time::Timestamp,
};

use crate::{
    patiently,
    values::{CountingRandom, at, binding, client_info, key_ring, login, new_session, row_ids, scan},
};

const WORKS: &str = "the store works";

/// How long sessions live at the most in these cases.
const LIVES: Duration = Duration::from_secs(100_000);

/// Where codes are sent.
const CALLBACK: &str = "https://app.example.test/cb";

suite! { $
    /// Runs the cases of `Grants`, and of what the other ports do to grants, on a store that implements them all.
    ///
    /// Takes an asynchronous function without arguments that returns a fresh, empty store and a guard.
    grants_suite: grants on GrantsStage {
        codes:
            a_code_is_redeemed_once_for_its_session,
            a_code_that_is_redeemed_again_ends_what_came_of_it,
            of_fifty_at_once_one_gets_tokens_and_those_end,
            a_code_is_good_for_a_minute,
            a_code_is_of_one_client_one_address_and_one_secret,
            a_stolen_code_alone_ends_nothing,
            only_offline_access_has_a_refresh_token,
            a_session_that_has_ended_or_grown_old_grants_nothing,
            what_a_person_agreed_to_is_kept_and_grows;
        refreshes:
            a_refresh_token_is_used_once_and_has_a_successor,
            a_repetition_within_ten_seconds_gets_the_same_one,
            a_repetition_after_ten_seconds_ends_the_family,
            an_older_token_ends_the_family_at_once,
            a_token_that_was_never_given_out_ends_the_family,
            of_fifty_at_once_one_rotates_and_the_others_are_told_the_same,
            another_client_gets_nothing_and_ends_nothing,
            no_more_can_be_asked_for_than_was_granted,
            tokens_end_with_their_session_and_their_account;
        ends:
            a_client_ends_its_own_grants_only,
            a_client_is_told_of_the_end_of_the_sessions_that_it_knows,
            an_erased_account_leaves_no_grant_and_its_clients_are_told,
            a_grant_is_pruned_after_its_session_could_be_used,
            a_code_that_was_not_redeemed_is_pruned_soon;
    }
}

/// One store.
#[derive(Clone)]
pub struct GrantsStage {
    grants: Arc<dyn Grants>,
    logins: Arc<dyn Logins>,
    accounts: Arc<dyn Accounts>,
    sessions: Arc<dyn Sessions>,
    people: Arc<dyn People>,
    trail: Arc<dyn AuditTrail>,
    outbox: Arc<dyn Outbox>,
    pruning: Arc<dyn Pruning>,
}

/// A session of an account.
#[derive(Clone, Copy)]
struct Held {
    account: AccountId,
    session: SessionId,
}

impl GrantsStage {
    /// Puts a fresh store up for one case.
    pub fn new<C>(store: C) -> Self
    where
        C: Grants + Logins + Accounts + Sessions + People + AuditTrail + Outbox + Pruning + 'static,
    {
        let store = Arc::new(store);
        Self {
            grants: store.clone(),
            logins: store.clone(),
            accounts: store.clone(),
            sessions: store.clone(),
            people: store.clone(),
            trail: store.clone(),
            outbox: store.clone(),
            pruning: store,
        }
    }

    /// Makes an account and its session, three seconds after the beginning of time.
    async fn session(&self, number: u32) -> Held {
        let id = login(number.into());
        self.logins.take_scan(scan(id, &format!("oPerson{number}"))).await.expect(WORKS);
        self.logins.bind(binding(id, number)).await.expect(WORKS);
        let login = self.logins.find(id).await.expect(WORKS).expect("it has a record").login;
        let account = match login.state {
            LoginState::Registered { account, .. } => account,
            other => panic!("not registered: {other:?}"),
        };
        let new = new_session(id, account, number.into());
        let session =
            self.sessions.issue(new).await.expect(WORKS).expect("it is registered").active.session.id;
        Held { account, session }
    }

    /// Grants a client what it asks for, ten seconds after the beginning of time.
    async fn code(&self, held: Held, client_id: &str, scopes: &str) -> AuthorizationCode {
        let new = new_grant(held, client_id, scopes);
        let (code, made) = (code_of(&new), self.grants.make_grant(new).await.expect(WORKS));
        assert!(made, "the session is there");
        code
    }

    async fn redeem(&self, redemption: CodeRedemption) -> Redeemed {
        patiently(|| self.grants.redeem_code(redemption.clone())).await
    }

    async fn redeemed(&self, redemption: CodeRedemption) -> GrantHolder {
        match self.redeem(redemption).await {
            Redeemed::Done(holder) => *holder,
            other => panic!("not redeemed: {other:?}"),
        }
    }

    /// Returns the first refresh token of a grant.
    async fn refresh_token(&self, held: Held, client_id: &str) -> RefreshToken {
        let code = self.code(held, client_id, "openid offline_access").await;
        self.redeemed(redemption(&code, client_id)).await;
        code.refresh_token(key_ring().current())
    }

    async fn refresh(&self, refresh: Refresh) -> Refreshed {
        patiently(|| self.grants.refresh(refresh.clone())).await
    }

    async fn holder(&self, grant: GrantId) -> Option<GrantHolder> {
        self.grants.holder(grant).await.expect(WORKS)
    }

    async fn count(&self, account: AccountId, kind: AuditKind) -> usize {
        let entries = self.trail.entries(account, 1000).await.expect(WORKS);
        entries.into_iter().filter(|entry| entry.kind == kind).count()
    }

    /// Lets clients hear of ended sessions.
    fn let_hear(&self, clients: &[&str]) {
        let kinds = EventKinds::NONE.with(EventKind::OidcLogout);
        let listeners = clients.iter().map(|id| ReceiverName::of_client(&client(id)));
        self.outbox.listen(listeners.fold(Listeners::NONE, |all, receiver| all.with(receiver, kinds)));
    }

    /// Returns the events that wait for a client.
    async fn told(&self, client_id: &str) -> Vec<Event> {
        let receiver = ReceiverName::of_client(&client(client_id));
        let waiting = self.outbox.deliveries(None, 100).await.expect(WORKS);
        waiting.into_iter().filter(|it| it.receiver == receiver).map(|it| it.event).collect()
    }

    async fn prune(&self, now: Timestamp) -> u64 {
        self.pruning.prune(now, 100).await.expect(WORKS)
    }
}

fn client(id: &str) -> ClientId {
    ClientId::parse(id).expect("a client's id")
}

fn new_grant(held: Held, client_id: &str, scopes: &str) -> NewGrant {
    let grant = Grant {
        id: GrantId::generate(at(10), row_ids()),
        client: client(client_id),
        account: held.account,
        session: held.session,
        scopes: Scopes::parse(scopes),
        redirect_uri: CALLBACK.to_owned(),
        nonce: Some("n-1".to_owned()),
        challenge: None,
        at: at(10),
    };
    let code = code_with(grant.id).hash();
    NewGrant { grant, code, consented: false, client_info: client_info() }
}

/// Returns the code of a grant; it is the same each time.
fn code_with(grant: GrantId) -> AuthorizationCode {
    AuthorizationCode::generate(grant, key_ring().current(), &CountingRandom::starting_at(7))
}

fn code_of(new: &NewGrant) -> AuthorizationCode {
    code_with(new.grant.id)
}

/// Redeems a code as the client does that asked for it, a second later.
fn redemption(code: &AuthorizationCode, client_id: &str) -> CodeRedemption {
    CodeRedemption {
        grant: code.grant(),
        code: code.hash(),
        client: client(client_id),
        redirect_uri: Some(CALLBACK.to_owned()),
        verifier: None,
        refresh_token: code.refresh_token(key_ring().current()).hash(),
        lives: LIVES,
        at: at(11),
    }
}

fn use_of(token: &RefreshToken, client_id: &str, secs: u64) -> Refresh {
    Refresh {
        grant: token.grant(),
        generation: token.generation(),
        token: token.hash(),
        successor: next(token).hash(),
        client: client(client_id),
        scopes: None,
        lives: LIVES,
        at: at(secs),
    }
}

fn next(token: &RefreshToken) -> RefreshToken {
    token.successor(key_ring().current())
}
