//! A login.

use std::time::Duration;

use saoma_domain::{login::ExpiryReason, time::Timestamp};

use super::{Model, Refused, Stands, asking::Asked};
use crate::{any_order::cast::WayIn, world::secs};

const BIND: Duration = secs(600);
const EXPIRED_KNOWN_FOR: Duration = secs(600);

#[derive(Clone, Copy)]
pub(super) struct Code {
    pub(super) is_for_change: bool,
    pub(super) phone: usize,
    pub(super) number: u32,
    pub(super) tries: u32,
    pub(super) until: Timestamp,
}

/// What a phone number was bound with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    Sms { phone: usize, number: u32 },
    Wechat { code: usize },
    None,
}

/// What a browser came back with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Return {
    Code(usize),
    Refusal,
}

#[derive(Clone, Copy)]
pub(super) struct Session {
    pub(super) opened: Timestamp,
    pub(super) ended: bool,
}

pub(in crate::any_order) struct Login {
    pub(in crate::any_order) way_in: WayIn,
    /// Whether a phone number alone says who it is.
    pub(in crate::any_order) by_number: bool,
    pub(super) version: u32,
    /// Whether anything happened to it, so that there is a record.
    pub(in crate::any_order) recorded: bool,
    pub(super) stands: Stands,
    pub(super) since: Timestamp,
    /// The deadline while it waits, then the last moment to collect its session.
    pub(super) until: Timestamp,
    /// Until when a person can be named for it.
    pub(super) named_until: Timestamp,
    /// The account that it is to add the person to, and when that was asked for.
    pub(super) link_to: Option<(usize, Timestamp)>,
    pub(super) link_refused: bool,
    pub(super) registration_closed: bool,
    /// The phone that scanned it, where it is asked first.
    pub(super) asked: Option<Asked>,
    /// Who it is, and whether they had an account.
    pub(super) named: Option<(usize, bool)>,
    pub(super) returned: Option<Return>,
    pub(super) code: Option<Code>,
    pub(super) proof: Option<Proof>,
    pub(super) session: Option<Session>,
}

impl Login {
    /// Returns where the login stands, with its version.
    pub(in crate::any_order) fn at(&self, now: Timestamp) -> (Stands, u32) {
        let waits = matches!(self.stands, Stands::Loop | Stands::Asked | Stands::Unregistered);
        if waits && self.until <= now {
            return (Stands::Expired(ExpiryReason::Timeout), self.version + 1);
        }
        (self.stands, self.version)
    }

    pub(super) fn moves(&mut self, stands: Stands, now: Timestamp) {
        (self.stands, self.since, self.until, self.recorded) = (stands, now, now.plus(BIND), true);
        self.version += 1;
    }

    pub(in crate::any_order) fn look(&self, now: Timestamp) -> Result<(Stands, u32), Refused> {
        let unknown = !self.recorded && self.until.plus(EXPIRED_KNOWN_FOR) <= now;
        if unknown { Err(Refused::Unknown) } else { Ok(self.at(now)) }
    }

    pub(in crate::any_order) fn cancel(&mut self, now: Timestamp) -> Result<(), Refused> {
        match self.look(now)?.0 {
            Stands::Expired(_) => Ok(()),
            Stands::Registered { .. } => Err(Refused::State("registered")),
            Stands::Loop | Stands::Asked | Stands::Unregistered => {
                self.moves(Stands::Expired(ExpiryReason::Cancelled), now);
                Ok(())
            }
        }
    }

    pub(super) fn only_unregistered(&self, now: Timestamp) -> Result<(), Refused> {
        match self.look(now)?.0 {
            Stands::Unregistered => Ok(()),
            Stands::Loop | Stands::Asked => Err(Refused::State("loop")),
            Stands::Registered { .. } => Err(Refused::State("registered")),
            Stands::Expired(_) => Err(Refused::State("expired")),
        }
    }
}

impl Model {
    pub(in crate::any_order) fn start(&mut self, way_in: WayIn, link_to: Option<usize>, now: Timestamp) {
        let lifetime = if way_in.has_code() { secs(120) } else { secs(600) };
        let deadline = Timestamp::from_millis(now.plus(lifetime).as_millis() / 10 * 10);
        self.logins.push(Login {
            way_in,
            by_number: false,
            version: 1,
            recorded: false,
            stands: Stands::Loop,
            since: now,
            until: deadline,
            named_until: deadline,
            link_to: link_to.map(|account| (account, now)),
            link_refused: false,
            registration_closed: false,
            asked: None,
            named: None,
            returned: None,
            code: None,
            proof: None,
            session: None,
        });
    }

    /// A login waits for a phone number from its beginning.
    pub(in crate::any_order) fn start_by_number(&mut self, now: Timestamp) {
        self.start(WayIn::Site, None, now);
        if let Some(login) = self.logins.last_mut() {
            login.by_number = true;
            login.moves(Stands::Unregistered, now);
        }
    }
}
