//! What phones answer that are asked.

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    login::{ConfirmNumber, LoginState, PhoneLink, PhoneLinkKind},
    ports::{Accounts, Logins, PhoneAnswer},
    services::{ClientSubject, ConfirmBy, MiniProgramCall, ScanReply},
};

use super::{Play, Verdict, answers::refused, people::person_in_mini_program};
use crate::{
    any_order::{
        cast::{APPS, WayIn, openid_in},
        model::Scanned,
        step::Answer,
    },
    world::{app, keys},
};

impl Play {
    /// A phone answers, by the link that it got, or would have got.
    pub(super) async fn answer(&mut self, login: usize, person: usize, answer: Answer) -> Verdict {
        if self.model.question(login).is_none() {
            return Ok(());
        }
        let at = self.model.logins[login].way_in.app();
        let identity = self.world.database.identity_of(&app(APPS[at]), &openid_in(at, person)).await.unwrap();
        let Some(identity) = identity else { return Ok(()) };
        let id = self.logins[login].auth.id();
        let number = self.number(login).await;
        let given = match answer {
            Answer::Yes => PhoneAnswer::Yes,
            Answer::No => PhoneAnswer::No,
            Answer::Number { right: true } => PhoneAnswer::Number(number),
            Answer::Number { right: false } => {
                let is_other = |other: &ConfirmNumber| Some(*other) != number;
                PhoneAnswer::Number(["47", "74"].into_iter().filter_map(ConfirmNumber::parse).find(is_other))
            }
        };
        let (before, waited) = (self.world.background.pending(), self.committed(login).await);
        let link = PhoneLink::issue(PhoneLinkKind::Confirm, id, identity.id, &keys(&[1]));
        let answered = self.node().confirmation.answer(link.reveal(), given, None).await;
        let was_asked =
            matches!(&waited, Some(LoginState::Scanned { identity: own, .. }) if *own == identity.id);
        self.seen[login].said_yes |= was_asked && self.says_yes(login, answer);
        // That a refusal is noticed changes no login.
        if matches!(answered, Ok((_, ScanReply::Refused))) {
            while self.world.background.pending() > before {
                self.world.background.run().await.unwrap();
            }
        }
        let expected = self.model.answer(login, person, answer, self.now());
        prop_assert_eq!(refused(&answered), expected.err());
        let (Ok((_, reply)), Ok(expected)) = (answered, expected) else { return Ok(()) };
        let leaves_work = self.world.background.pending() > before;
        prop_assert_eq!((told(&reply)?, leaves_work), expected);
        self.work.extend(leaves_work.then_some((login, person)));
        self.note_account(id).await
    }

    /// The page that a login's code opened says something, with a code of `wx.login` of its own.
    pub(super) async fn on_page(&mut self, login: usize, person: usize, answer: Option<bool>) -> Verdict {
        let way_in = self.model.logins[login].way_in;
        if way_in != WayIn::MiniCode {
            return Ok(());
        }
        let number = self.world.mini_program.exchanged().len();
        let (id, code) = (self.logins[login].auth.id(), format!("page-{login}-{number}"));
        let app = app(APPS[way_in.app()]);
        self.world.mini_program.give_code(&app, &code, person_in_mini_program(person));
        // Each call comes from an address of its own.
        let phone = std::net::IpAddr::from(
            (u32::from_be_bytes([10, 0, 0, 1]) + u32::try_from(number).unwrap_or(0)).to_be_bytes(),
        );
        let given = answer.map(|lets_in| if lets_in { PhoneAnswer::Yes } else { PhoneAnswer::No });
        let client = ClientSubject::new(phone);
        let call = MiniProgramCall { login: id, app, code, answer: given, client, phone };
        let before = self.world.background.pending();
        let taken = self.node().mini_program_scan.take(call).await;
        // What is noticed changes no login, and WeChat is asked for no unionid.
        while self.world.background.pending() > before {
            self.world.background.run().await.unwrap();
        }
        self.seen[login].said_yes |= answer == Some(true) && taken.is_ok();
        let expected = self.model.on_page(login, person, answer, self.now());
        prop_assert_eq!(refused(&taken), expected.err());
        self.note_account(id).await?;
        if let (Ok(taken), Ok(expected)) = (taken, expected) {
            prop_assert_eq!(self.stands(&taken.login), expected);
        }
        Ok(())
    }

    /// Returns whether this is what it takes to let a client in.
    fn says_yes(&self, login: usize, answer: Answer) -> bool {
        match (self.model.question(login), answer) {
            (Some(ConfirmBy::Click), Answer::Yes | Answer::Number { .. })
            | (Some(ConfirmBy::Number), Answer::Number { right: true }) => true,
            (Some(ConfirmBy::Number), Answer::Yes | Answer::Number { right: false })
            | (Some(_), Answer::No)
            | (None, _) => false,
        }
    }

    /// Returns where a login stands in the database.
    async fn committed(&self, login: usize) -> Option<LoginState> {
        let record = Logins::find(&*self.world.database, self.logins[login].auth.id()).await.unwrap();
        record.map(|record| record.login.at(self.now()).state)
    }

    /// Returns the number that the client of a login shows.
    async fn number(&self, login: usize) -> Option<ConfirmNumber> {
        match self.committed(login).await {
            Some(LoginState::Scanned { question, .. }) => question.number(),
            _ => None,
        }
    }
}

/// Returns what a phone is told, in the model's words.
pub(super) fn told(reply: &ScanReply) -> Result<Scanned, TestCaseError> {
    Ok(match reply {
        ScanReply::LoggedIn { .. } | ScanReply::Linked { .. } => Scanned::LoggedIn,
        ScanReply::GoOn { .. } => Scanned::GoOn,
        ScanReply::Asked { tries_left, .. } => Scanned::Asked(*tries_left),
        ScanReply::Refused => Scanned::Refused,
        ScanReply::ByAnother => Scanned::ByAnother,
        ScanReply::Over(reason) => Scanned::Over(*reason),
        ScanReply::LinkRefused => Scanned::LinkRefused,
        ScanReply::RegistrationClosed => Scanned::RegistrationClosed,
        ScanReply::Disabled | ScanReply::NotAdmitted { .. } => {
            return Err(TestCaseError::fail("no gate refuses a person here"));
        }
        ScanReply::Elsewhere => return Err(TestCaseError::fail("no place is known here")),
        ScanReply::Foreign => return Err(TestCaseError::fail("the scene is ours")),
    })
}
