//! What the clients do that wait for a login.

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    login::{AuthenticatedLogin, PollToken},
    services::{ClientSubject, ConfirmBy, Registration, ServiceError, StartLogin},
    session::AuthMethod,
};
use saoma_testing::SeededRandom;

use super::{Client, Play, Verdict, answers::refused};
use crate::{
    any_order::{
        cast::{APPS, PHONES, WayIn},
        check::Seen,
        model::Stands,
        step::LOGINS,
    },
    channels::REDIRECT_URI,
    world::{browser, request},
};

impl Play {
    /// Starts a login, which is to add an identity to the account of the session that another one led to.
    pub(super) async fn start(&mut self, way_in: WayIn, link_to: Option<usize>) -> Verdict {
        let Some((request, account)) = self.request(way_in, link_to).await? else { return Ok(()) };
        self.model.start(way_in, account, self.now());
        if way_in.is_scanned() {
            let started = self.node().start.with_qr(request).await.unwrap();
            self.add_client(started.auth, self.world.wechat.scene_of(&started.qr.url));
        } else if way_in == WayIn::MiniCode {
            let started = self.node().start.with_mini_program_code(request).await.unwrap();
            self.add_client(started.auth, None);
        } else {
            self.add_client(self.node().start.with_oauth(request, REDIRECT_URI).await.unwrap().auth, None);
        }
        Ok(())
    }

    /// Starts a login that waits for a phone number, where those make accounts.
    pub(super) async fn start_by_number(&mut self) -> Verdict {
        let asked = self.own_client(request("sms"));
        if self.house.registration == Registration::Closed {
            prop_assert!(self.node().start.by_number(asked).await.is_err(), "it is off");
        } else if self.logins.len() < LOGINS {
            let (auth, login) = self.node().start.by_number(asked).await.unwrap();
            self.model.start_by_number(self.now());
            self.add_client(auth, None);
            prop_assert_eq!(self.stands(&login), self.model.logins[self.logins.len() - 1].at(self.now()));
        }
        Ok(())
    }

    /// Gives a login a client of its own: an address whose code a phone refuses gets no new one.
    fn own_client(&self, mut start: StartLogin) -> StartLogin {
        let address = [192, 0, 2, u8::try_from(self.logins.len()).unwrap_or(u8::MAX)];
        start.client = ClientSubject::new(address.into());
        start.context.client_info.ip = std::net::Ipv4Addr::from(address).to_string();
        start
    }

    pub(super) fn add_client(&mut self, auth: AuthenticatedLogin, scene: Option<String>) {
        self.logins.push(Client { auth, scene, code: String::new(), session: None });
        self.seen.push(Seen::default());
    }

    /// Returns what starts a login, and the account that it is linked to; `None` where there are logins enough, or
    /// without the session that it takes.
    pub(super) async fn request(
        &self,
        way_in: WayIn,
        link_to: Option<usize>,
    ) -> Result<Option<(StartLogin, Option<usize>)>, TestCaseError> {
        if self.logins.len() >= LOGINS {
            return Ok(None);
        }
        let mut start = self.own_client(request(APPS[way_in.app()]));
        if way_in == WayIn::MiniCode {
            start.context.channel = way_in.channel();
        }
        let Some(by) = link_to else { return Ok(Some((start, None))) };
        let checked = self.checked(by).await?;
        Ok(checked.map(|checked| {
            let account = checked.account.id;
            (StartLogin { link_to: Some(account), ..start }, Some(self.account(account)))
        }))
    }

    pub(super) async fn poll(&mut self, login: usize) -> Verdict {
        let (now, node, auth) = (self.now(), self.node(), &self.logins[login].auth);
        let auth =
            node.authenticator.authenticate_login(&auth.id().to_string(), &auth.token().reveal()).unwrap();
        let looked = node.waiting.look(&auth).await;
        let expected = self.model.logins[login].look(now);
        prop_assert_eq!(refused(&looked), expected.err());
        let (Ok(looked), Ok(expected)) = (looked, expected) else { return Ok(()) };
        prop_assert_eq!(self.stands(&looked), expected);
        let issued = node.session_issuer.issue(&auth, &looked, browser()).await;
        let Stands::Registered { account } = expected.0 else {
            prop_assert!(issued.is_err(), "only a registered login has a session");
            return Ok(());
        };
        prop_assert_eq!(refused(&issued), self.model.issue_session(login, now).err());
        if let Ok(issued) = issued {
            prop_assert_eq!(issued.account.id, self.accounts[account]);
            prop_assert_eq!(
                issued.account.phone.as_ref().map(|phone| phone.e164()),
                self.model.accounts[account].phone.map(|phone| PHONES[phone])
            );
            if let Some(by) = self.model.question(login) {
                let method = match by {
                    ConfirmBy::Click => AuthMethod::ConfirmClick,
                    ConfirmBy::Number => AuthMethod::ConfirmNumber,
                };
                prop_assert!(
                    issued.session.auth_methods.has(method),
                    "the session says how it was confirmed"
                );
            }
            let token = self.logins[login].session.get_or_insert(issued.token.clone());
            prop_assert_eq!(issued.token.reveal(), token.reveal(), "the same token while it is open");
        }
        Ok(())
    }

    pub(super) fn poll_as_stranger(&self, login: usize) -> Verdict {
        let id = self.logins[login].auth.id().to_string();
        let made_up = PollToken::generate(&SeededRandom::new(7));
        let others = self.logins.iter().enumerate().filter(|(other, _)| *other != login);
        let others = others.map(|(_, other)| other.auth.token().clone());
        for token in others.chain([made_up]) {
            let auth = self.node().authenticator.authenticate_login(&id, &token.reveal());
            prop_assert_eq!(auth.err(), Some(ServiceError::LoginUnknown));
        }
        Ok(())
    }

    pub(super) async fn cancel(&mut self, login: usize) -> Verdict {
        let cancelled = self.node().cancellation.cancel(&self.logins[login].auth).await;
        let now = self.now();
        prop_assert_eq!(refused(&cancelled), self.model.logins[login].cancel(now).err());
        Ok(())
    }
}
