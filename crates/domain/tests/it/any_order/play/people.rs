//! What WeChat reports of people.

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    login::{LoginId, LoginState},
    ports::Logins,
    services::{OAuthReturn, OnUnsubscribe, ScannedEvent},
    time::Timestamp,
    wechat::{AuthorizedUser, Follower, MiniProgramUser, RawUnionId},
};

use super::{Play, Verdict, answers::refused, asking::told};
use crate::{
    any_order::{
        cast::{
            APPS, Behind, CODES, PERSONS, PHONE_CODES, PHONES, WayIn, behind, code_text, has_unionid,
            openid_in, phone_behind,
        },
        model::Scanned,
    },
    channels::{mini_user, unionid, user},
    world::{World, app, browser, number},
};

/// Tells WeChat who there is, and what its codes lead to.
pub(super) fn introduce(world: &World) {
    for person in 0..PERSONS.len() {
        for at in [WayIn::Main.app(), WayIn::Shop.app()] {
            let follower = Follower { subscribed: true, unionid: unionid_of(person), ..Follower::default() };
            world.wechat.know(&app(APPS[at]), openid_in(at, person), follower);
        }
    }
    for code in 0..CODES {
        let (person, is_snapshot) = match behind(code) {
            Behind::Person(person) => (person, false),
            Behind::VirtualPerson => (0, true),
            Behind::Nobody => continue,
        };
        let unionid = unionid_of(person);
        for at in [WayIn::Site.app(), WayIn::InWechat.app()] {
            let openid = openid_in(at, person);
            let user =
                AuthorizedUser { openid, unionid: unionid.clone(), is_snapshot, ..user(PERSONS[person]) };
            world.oauth.give_code(&app(APPS[at]), &code_text(at, code), user);
        }
        if !is_snapshot {
            let at = WayIn::Mini.app();
            world.mini_program.give_code(
                &app(APPS[at]),
                &code_text(at, code),
                person_in_mini_program(person),
            );
        }
    }
    for code in 0..PHONE_CODES {
        let (person, phone) = phone_behind(code);
        let openid = openid_in(WayIn::Mini.app(), person);
        world.mini_program.give_phone_code(&app("mini"), openid, &code.to_string(), number(PHONES[phone]));
    }
}

/// Returns what a code of `wx.login` tells of a person.
pub(super) fn person_in_mini_program(person: usize) -> MiniProgramUser {
    let openid = openid_in(WayIn::Mini.app(), person);
    MiniProgramUser { openid, unionid: unionid_of(person), ..mini_user(PERSONS[person]) }
}

fn unionid_of(person: usize) -> Option<RawUnionId> {
    has_unionid(person).then(|| unionid(PERSONS[person]))
}

impl Play {
    pub(super) async fn scan(&mut self, login: usize, person: usize) -> Verdict {
        let Some(scene) = self.logins[login].scene.clone() else { return Ok(()) };
        let at = self.model.logins[login].way_in.app();
        let event = ScannedEvent { app: app(APPS[at]), openid: openid_in(at, person), scene };
        let before = self.world.background.pending();
        let reply = self.node().scans.take_scan(event).await.unwrap();
        let reply = told(&reply)?;
        // That it is noticed changes no login.
        while reply == Scanned::ByAnother && self.world.background.pending() > before {
            self.world.background.run().await.unwrap();
        }
        let expected = self.model.scan(login, person, self.nodes.wechat_is_slow, self.now());
        let leaves_work = self.world.background.pending() > before;
        prop_assert_eq!((reply, leaves_work), expected);
        self.work.extend(leaves_work.then_some((login, person)));
        self.note_account(self.logins[login].auth.id()).await
    }

    /// Notes the account that a scan has made, if it has.
    pub(super) async fn note_account(&mut self, login: LoginId) -> Verdict {
        if self.accounts.len() < self.model.accounts.len() {
            let record = Logins::find(&*self.world.database, login).await.unwrap().unwrap();
            let LoginState::Registered { account, .. } = record.login.state else {
                return Err(TestCaseError::fail("the model has made an account"));
            };
            self.accounts.push(account);
        }
        Ok(())
    }

    pub(super) async fn follow_up(&mut self) -> Verdict {
        let Some((login, person)) = self.work.pop() else { return Ok(()) };
        self.world.background.run().await.unwrap();
        if has_unionid(person) {
            self.model.follow_up(login, self.now());
        }
        Ok(())
    }

    /// A browser comes back, to a login that was started for it.
    pub(super) async fn come_back(&mut self, login: usize, code: Option<usize>) -> Verdict {
        let (now, way_in) = (self.now(), self.model.logins[login].way_in);
        if !way_in.is_returned_to() || self.model.logins[login].by_number {
            return Ok(());
        }
        let back = OAuthReturn {
            app: app(APPS[way_in.app()]),
            channel: way_in.channel(),
            client_info: browser(),
            code: code.map(|code| code_text(way_in.app(), code)),
        };
        let finished = self.node().oauth_returns.finish(&self.logins[login].auth, back).await;
        prop_assert_eq!(refused(&finished), self.model.come_back(login, code, now).err());
        if let Ok(finished) = finished {
            self.note_account(finished.id).await?;
            prop_assert_eq!(self.stands(&finished), self.model.logins[login].at(now));
        }
        Ok(())
    }

    pub(super) async fn open_mini_program(&mut self, code: usize, link_to: Option<usize>) -> Verdict {
        let Some((request, account)) = self.request(WayIn::Mini, link_to).await? else { return Ok(()) };
        let opened = self.node().mini_program.log_in(request, &code_text(WayIn::Mini.app(), code)).await;
        let expected = self.model.open_mini_program(code, account, self.now());
        prop_assert_eq!(refused(&opened), expected.err());
        if let Ok((auth, login)) = opened {
            self.add_client(auth, None);
            self.note_account(login.id).await?;
            prop_assert_eq!(self.stands(&login), self.model.logins[self.logins.len() - 1].at(self.now()));
        }
        Ok(())
    }

    /// WeChat tells that a person follows an official account, or stops.
    pub(super) async fn news(&mut self, who: (usize, usize), follows: bool, secs_ago: i64) -> Verdict {
        let ((at, person), now, node) = (who, self.now(), self.node());
        let since = Timestamp::from_secs(now.as_secs() - secs_ago);
        let (app, openid) = (app(APPS[at]), openid_in(at, person));
        if follows {
            node.follows.take_subscribe(app, openid, since).await.unwrap();
        } else {
            node.follows.take_unsubscribe(app, openid, since).await.unwrap();
        }
        let ends_sessions = self.house.on_unsubscribe == OnUnsubscribe::EndSessions;
        self.model.news(who, follows, (since, now), ends_sessions);
        Ok(())
    }
}
