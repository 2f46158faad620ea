//! What phones answer that are asked.

use proptest::{prelude::*, test_runner::TestCaseError};
use saoma_domain::{
    login::{ConfirmNumber, LoginState, PhoneLink, PhoneLinkKind},
    ports::{Accounts, Logins, PhoneAnswer},
    services::{ConfirmBy, ScanReply},
};

use super::{Play, Verdict, answers::refused};
use crate::{
    any_order::{
        cast::{APPS, openid_in},
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
        self.seen[login].said_yes |= was_asked && self.says_yes(answer);
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

    /// Returns whether this is what it takes to let a client in.
    fn says_yes(&self, answer: Answer) -> bool {
        match (self.house.confirm, answer) {
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
