//! Binding and changing phone numbers.

use std::time::Duration;

use saoma_domain::{services::PhoneRule, time::Timestamp};

use super::{
    Model, Refused, Stands,
    claims::Claim,
    login::{Code, Login, Proof},
};
use crate::{
    any_order::cast::{WayIn, phone_behind},
    world::secs,
};

const CODE_TTL: Duration = secs(180);
const CODE_TRIES: u32 = 5;

impl Login {
    /// Counts a try and returns its outcome.
    fn guess(&mut self, for_change: bool, phone: usize, number: u32, now: Timestamp) -> Result<(), Refused> {
        let live = |code: &&mut Code| code.tries > 0 && now < code.until;
        let code = self.code.as_mut().filter(live).ok_or(Refused::NoCode)?;
        code.tries -= 1;
        let is_right = (code.is_for_change, code.phone, code.number) == (for_change, phone, number);
        is_right.then_some(()).ok_or(Refused::Wrong(code.tries))
    }
}

impl Model {
    fn keep_code(&mut self, login: usize, is_for_change: bool, phone: usize, now: Timestamp) {
        self.codes_sent += 1;
        let (number, until) = (self.codes_sent, now.plus(CODE_TTL));
        self.logins[login].code = Some(Code { is_for_change, phone, number, tries: CODE_TRIES, until });
    }

    pub(in crate::any_order) fn send_code(
        &mut self,
        login: usize,
        phone: usize,
        now: Timestamp,
    ) -> Result<(), Refused> {
        self.logins[login].only_unregistered(now)?;
        self.keep_code(login, false, phone, now);
        Ok(())
    }

    /// Returns the number of the last code that was sent for a login; 0 if none was.
    pub(in crate::any_order) fn last_code(&self, login: usize) -> u32 {
        self.logins[login].code.map_or(0, |code| code.number)
    }

    /// Binds a phone with the code of this number; 0 stands for a wrong one.
    pub(in crate::any_order) fn bind(
        &mut self,
        login: usize,
        phone: usize,
        number: u32,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let proof = Proof::Sms { phone, number };
        if number > 0 && self.logins[login].proof == Some(proof) {
            return Ok(());
        }
        self.logins[login].only_unregistered(now)?;
        self.logins[login].guess(false, phone, number, now)?;
        self.bind_proven(login, phone, proof, now)
    }

    /// Goes on without a phone number.
    pub(in crate::any_order) fn skip(&mut self, login: usize, now: Timestamp) -> Result<(), Refused> {
        if self.house.phone == PhoneRule::Required {
            return Err(Refused::PhoneNeeded);
        }
        if self.logins[login].proof == Some(Proof::None) {
            return Ok(());
        }
        let person = match (self.logins[login].at(now).0, self.logins[login].named) {
            (Stands::Unregistered, Some((person, _))) => person,
            (Stands::Unregistered, None) => return Err(Refused::State("unregistered")),
            (Stands::Loop | Stands::Asked, _) => return Err(Refused::State("loop")),
            (Stands::Registered { .. }, _) => return Err(Refused::State("registered")),
            (Stands::Expired(_), _) => return Err(Refused::State("expired")),
        };
        let app = self.logins[login].way_in.app();
        let account = match self.identities[app][person].account {
            Some(own) => own,
            None => self.new_account(None)?,
        };
        self.bind_identity(app, person, account, now);
        self.logins[login].proof = Some(Proof::None);
        self.logins[login].moves(Stands::Registered { account }, now);
        Ok(())
    }

    /// Binds the phone number that a code of the mini program stands for.
    pub(in crate::any_order) fn bind_wechat_phone(
        &mut self,
        login: usize,
        code: usize,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let proof = Proof::Wechat { code };
        if self.logins[login].proof == Some(proof) {
            return Ok(());
        }
        self.logins[login].only_unregistered(now)?;
        if self.logins[login].way_in.app() != WayIn::Mini.app() {
            return Err(Refused::State("unregistered"));
        }
        let (owner, phone) = phone_behind(code);
        let is_unused = self.used_phone_codes.insert(code);
        if !is_unused || self.logins[login].named.is_none_or(|(person, _)| person != owner) {
            return Err(Refused::ProvesNoPhone);
        }
        self.bind_proven(login, phone, proof, now)
    }

    fn bind_proven(
        &mut self,
        login: usize,
        phone: usize,
        proof: Proof,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let with_phone = self.accounts.iter().position(|account| account.phone == Some(phone));
        if self.logins[login].by_number {
            let account = match with_phone {
                Some(account) => account,
                None => self.new_account(Some(phone))?,
            };
            self.logins[login].proof = Some(proof);
            self.logins[login].moves(Stands::Registered { account }, now);
            return Ok(());
        }
        let Some((person, _)) = self.logins[login].named else { return Err(Refused::State("loop")) };
        let app = self.logins[login].way_in.app();
        let account = match (self.identities[app][person].account, with_phone) {
            (Some(own), _) => own,
            (None, Some(account)) => match self.claim(account, app, person, now) {
                Claim::Taken => return Err(Refused::Taken),
                Claim::Owner => {
                    self.bind_identity(app, person, account, now);
                    self.identities[app][person].probation = None;
                    account
                }
                Claim::NumberAlone { probation } => {
                    self.bind_identity(app, person, account, now);
                    self.identities[app][person].probation = Some(probation);
                    account
                }
            },
            (None, None) => self.new_account(Some(phone))?,
        };
        self.bind_identity(app, person, account, now);
        self.logins[login].proof = Some(proof);
        self.logins[login].moves(Stands::Registered { account }, now);
        Ok(())
    }

    pub(in crate::any_order) fn send_new_phone_code(
        &mut self,
        by: usize,
        phone: usize,
        now: Timestamp,
    ) -> Result<(), Refused> {
        self.require_recent_login(by, now)?;
        self.require_scan(by)?;
        self.keep_code(by, true, phone, now);
        Ok(())
    }

    /// Gives the account of a session another number.
    pub(in crate::any_order) fn change_phone(
        &mut self,
        by: usize,
        phone: usize,
        number: u32,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let own = self.require_recent_login(by, now)?;
        self.require_scan(by)?;
        self.logins[by].guess(true, phone, number, now)?;
        if self.accounts[own].phone == Some(phone) {
            return Ok(());
        }
        if self.is_on_probation(by, now) {
            return Err(Refused::TooNew);
        }
        if self
            .accounts
            .iter()
            .enumerate()
            .any(|(other, account)| other != own && account.phone == Some(phone))
        {
            return Err(Refused::Taken);
        }
        self.accounts[own].phone = Some(phone);
        Ok(())
    }
}
