//! Phones that are asked whether they let the client in.

use std::time::Duration;

use saoma_domain::{login::ExpiryReason, services::ConfirmBy, time::Timestamp};

use super::{Model, Refused, Scanned, Stands};
use crate::{
    any_order::{
        cast::{WayIn, has_unionid},
        step::Answer,
    },
    world::secs,
};

/// How long a phone may take to answer.
const ANSWER: Duration = secs(120);
const TRIES: u8 = 3;

/// A question that a phone was asked.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) person: usize,
    wrong: u8,
}

impl Model {
    /// Returns what the phone that scans the code of a login is asked.
    pub(in crate::any_order) fn question(&self, login: usize) -> Option<ConfirmBy> {
        match self.logins[login].way_in {
            WayIn::MiniCode => Some(ConfirmBy::Click),
            WayIn::Main | WayIn::Shop => self.house.confirm,
            WayIn::Site | WayIn::InWechat | WayIn::Mini => None,
        }
    }

    /// Asks the phone of a person whose scan is the first.
    pub(super) fn ask(&mut self, login: usize, person: usize, now: Timestamp) -> Scanned {
        let login = &mut self.logins[login];
        login.asked = Some(Asked { person, wrong: 0 });
        login.moves(Stands::Asked, now);
        login.until = now.plus(ANSWER);
        Scanned::Asked(TRIES)
    }

    /// Returns what a phone is told that scans a code of which a phone was asked; `None` once that one has said yes.
    pub(super) fn asked_before(&self, login: usize, person: usize, at: Timestamp) -> Option<Scanned> {
        let login = &self.logins[login];
        let asked = login.asked.filter(|_| login.named.is_none())?;
        Some(match login.at(at).0 {
            Stands::Expired(reason) => Scanned::Over(reason),
            Stands::Loop | Stands::Asked | Stands::Unregistered | Stands::Registered { .. }
                if asked.person == person =>
            {
                Scanned::Asked(TRIES - asked.wrong)
            }
            Stands::Loop | Stands::Asked | Stands::Unregistered | Stands::Registered { .. } => {
                Scanned::ByAnother
            }
        })
    }

    /// A phone answers. Returns what it is told, and whether there is more to do in the background.
    pub(in crate::any_order) fn answer(
        &mut self,
        login: usize,
        person: usize,
        answer: Answer,
        now: Timestamp,
    ) -> Result<(Scanned, bool), Refused> {
        let asked =
            self.logins[login].asked.filter(|asked| asked.person == person).ok_or(Refused::Unknown)?;
        let told = match (self.logins[login].at(now).0, self.logins[login].named) {
            (Stands::Asked, _) => self.take(login, asked, answer, now),
            (Stands::Unregistered | Stands::Registered { .. }, Some((_, true))) => Scanned::LoggedIn,
            (Stands::Unregistered | Stands::Registered { .. }, _) => Scanned::GoOn,
            (Stands::Expired(reason), _) => Scanned::Over(reason),
            (Stands::Loop, _) => Scanned::Over(ExpiryReason::Timeout),
        };
        let is_in = matches!(told, Scanned::LoggedIn | Scanned::GoOn);
        let identity = self.identities[self.logins[login].way_in.app()][person];
        let waits = self.logins[login].stands == Stands::Unregistered;
        // The mini program has told the unionid, or there is none.
        let may_be_asked_for = self.logins[login].way_in != WayIn::MiniCode;
        Ok((told, is_in && may_be_asked_for && (waits || !identity.has_unionid)))
    }

    /// The page that a code opened in the mini program says something: the first time it is the scan. Returns where the login
    /// stands then, with its version.
    pub(in crate::any_order) fn on_page(
        &mut self,
        login: usize,
        person: usize,
        answer: Option<bool>,
        now: Timestamp,
    ) -> Result<(Stands, u32), Refused> {
        self.logins[login].look(now)?;
        match self.name(login, person, has_unionid(person), now) {
            Scanned::Asked(_) | Scanned::LoggedIn | Scanned::GoOn => {
                if let Some(lets_in) = answer {
                    let answer = if lets_in { Answer::Yes } else { Answer::No };
                    self.answer(login, person, answer, now)?;
                }
                Ok(self.logins[login].at(now))
            }
            Scanned::LinkRefused => Ok(self.logins[login].at(now)),
            Scanned::RegistrationClosed => Err(Refused::RegistrationClosed),
            Scanned::ByAnother => Err(Refused::ByAnother),
            Scanned::Over(_) | Scanned::Refused => match self.logins[login].asked {
                Some(asked) if asked.person == person => Ok(self.logins[login].at(now)),
                Some(_) | None => Err(Refused::State("expired")),
            },
        }
    }

    fn take(&mut self, login: usize, asked: Asked, answer: Answer, now: Timestamp) -> Scanned {
        match (self.question(login), answer) {
            (_, Answer::No) => self.deny(login, now),
            (Some(ConfirmBy::Number), Answer::Yes) => Scanned::Asked(TRIES - asked.wrong),
            (Some(ConfirmBy::Number), Answer::Number { right: false }) => {
                let wrong = asked.wrong + 1;
                if wrong == TRIES {
                    return self.deny(login, now);
                }
                let login = &mut self.logins[login];
                login.asked = Some(Asked { wrong, ..asked });
                login.version += 1;
                Scanned::Asked(TRIES - wrong)
            }
            (_, Answer::Yes | Answer::Number { .. }) => {
                let unionid = self.identities[self.logins[login].way_in.app()][asked.person].has_unionid;
                self.lead(login, asked.person, unionid, now)
            }
        }
    }

    fn deny(&mut self, login: usize, now: Timestamp) -> Scanned {
        self.logins[login].moves(Stands::Expired(ExpiryReason::Denied), now);
        Scanned::Refused
    }
}
