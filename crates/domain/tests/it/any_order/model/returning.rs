//! The ways in that begin with a code of WeChat: browsers that come back, and the mini program.

use saoma_domain::{login::ExpiryReason, time::Timestamp};

use super::{Model, Refused, Scanned, Stands, login::Return};
use crate::any_order::cast::{Behind, WayIn, behind, has_unionid};

impl Model {
    /// A browser comes back to a login: with a code, or without one if the person refused.
    pub(in crate::any_order) fn come_back(
        &mut self,
        login: usize,
        code: Option<usize>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        match code {
            Some(code) => self.come_back_with(login, code, now),
            None => self.refuse(login, now),
        }
    }

    fn refuse(&mut self, login: usize, now: Timestamp) -> Result<(), Refused> {
        let login = &mut self.logins[login];
        match (login.at(now).0, login.returned) {
            (Stands::Expired(ExpiryReason::Denied), _) => Ok(()),
            (Stands::Loop, None | Some(Return::Refusal)) => {
                login.returned = Some(Return::Refusal);
                login.moves(Stands::Expired(ExpiryReason::Denied), now);
                Ok(())
            }
            _ => Err(Refused::NotReturnedTo),
        }
    }

    fn come_back_with(&mut self, login: usize, code: usize, now: Timestamp) -> Result<(), Refused> {
        let stands = self.logins[login].at(now).0;
        let link_refused = self.logins[login].link_refused;
        let registration_closed = self.logins[login].registration_closed;
        if stands == Stands::Expired(ExpiryReason::Timeout) {
            return Err(Refused::NotReturnedTo);
        }
        let Some(earlier) = self.logins[login].returned.replace(Return::Code(code)) else {
            let waits = stands == Stands::Loop;
            return if waits { self.exchange(login, code, now) } else { Err(Refused::NotReturnedTo) };
        };
        if earlier != Return::Code(code) {
            self.logins[login].returned = Some(earlier);
            let is_led_on = matches!(stands, Stands::Unregistered | Stands::Registered { .. });
            return is_led_on.then_some(()).ok_or(Refused::NotReturnedTo);
        }
        match stands {
            Stands::Unregistered | Stands::Registered { .. } => Ok(()),
            Stands::Expired(ExpiryReason::Denied) if link_refused => Ok(()),
            Stands::Expired(ExpiryReason::Denied) if registration_closed => Err(Refused::RegistrationClosed),
            Stands::Expired(ExpiryReason::Denied) => Err(Refused::VirtualPerson),
            Stands::Expired(ExpiryReason::Cancelled) => Err(Refused::BadCode),
            // The first time was too close to the deadline to count.
            Stands::Loop | Stands::Asked | Stands::Expired(ExpiryReason::Timeout) => {
                Err(Refused::NotReturnedTo)
            }
        }
    }

    fn exchange(&mut self, login: usize, code: usize, now: Timestamp) -> Result<(), Refused> {
        let is_unused = self.used_codes.insert((self.logins[login].way_in.app(), code));
        match behind(code) {
            Behind::Person(person) if is_unused => match self.name(login, person, has_unionid(person), now) {
                Scanned::LoggedIn | Scanned::GoOn | Scanned::LinkRefused => Ok(()),
                Scanned::Asked(_) | Scanned::Refused | Scanned::ByAnother | Scanned::Over(_) => {
                    Err(Refused::NotReturnedTo)
                }
                Scanned::RegistrationClosed => Err(Refused::RegistrationClosed),
            },
            Behind::VirtualPerson if is_unused => {
                self.logins[login].moves(Stands::Expired(ExpiryReason::Denied), now);
                Err(Refused::VirtualPerson)
            }
            Behind::Person(_) | Behind::VirtualPerson | Behind::Nobody => {
                self.logins[login].moves(Stands::Expired(ExpiryReason::Cancelled), now);
                Err(Refused::BadCode)
            }
        }
    }

    /// A person opens the mini program; there is a login only where its code leads to a person.
    pub(in crate::any_order) fn open_mini_program(
        &mut self,
        code: usize,
        link_to: Option<usize>,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let is_unused = self.used_codes.insert((WayIn::Mini.app(), code));
        let Behind::Person(person) = behind(code) else { return Err(Refused::BadCode) };
        if !is_unused {
            return Err(Refused::BadCode);
        }
        self.start(WayIn::Mini, link_to, now);
        if self.name(self.logins.len() - 1, person, has_unionid(person), now) == Scanned::RegistrationClosed {
            // No client hears of it.
            self.logins.pop();
            return Err(Refused::RegistrationClosed);
        }
        Ok(())
    }
}
