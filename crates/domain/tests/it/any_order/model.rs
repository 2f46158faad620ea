//! What the flows are to do, as plainly as it can be said: one process, no stores, no races.

use std::time::Duration;

use saoma_domain::{login::ExpiryReason, time::Timestamp};

use super::PERSONS;
use crate::world::secs;

const BIND: Duration = secs(600);
const TOMBSTONE: Duration = secs(600);
const COMMIT_MARGIN: Duration = secs(4);
const HANDOVER: Duration = secs(60);
const CODE_TTL: Duration = secs(180);
const CODE_TRIES: u32 = 5;

/// Where a login stands. An account is known by its phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    Loop,
    Unregistered,
    Registered { phone: usize },
    Expired(ExpiryReason),
}

/// What a scan is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanned {
    LoggedIn,
    GoOn,
    ByAnother,
    Over(ExpiryReason),
    NotJoined,
}

/// Why something was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Unknown,
    Closed,
    State(&'static str),
    Wrong(u32),
    NoCode,
    Taken,
}

struct Code {
    phone: usize,
    number: u32,
    tries: u32,
    until: Timestamp,
}

#[derive(Clone, Copy)]
struct Session {
    opened: Timestamp,
    ended: bool,
}

pub(super) struct Login {
    pub(super) app: usize,
    pub(super) version: u32,
    /// Whether anything happened to it, so that there is a record.
    pub(super) recorded: bool,
    stands: Stands,
    since: Timestamp,
    /// The deadline while it waits, then the last moment to collect its session.
    until: Timestamp,
    /// The account that the scan is to add the person to, and when that was asked for.
    joins: Option<(usize, Timestamp)>,
    not_joined: bool,
    scan: Option<(usize, bool)>,
    code: Option<Code>,
    proof: Option<(usize, u32)>,
    session: Option<Session>,
}

/// A person as one app knows them.
#[derive(Clone, Copy, Default)]
struct Identity {
    account: Option<usize>,
    union_known: bool,
}

#[derive(Default)]
pub(super) struct Model {
    pub(super) logins: Vec<Login>,
    identities: [[Identity; PERSONS]; 2],
    /// When the account with this phone was last logged out everywhere.
    all_ended: [Option<Timestamp>; PERSONS],
    codes_sent: u32,
}

impl Login {
    /// Returns where the login stands, with its version.
    pub(super) fn at(&self, now: Timestamp) -> (Stands, u32) {
        let waits = matches!(self.stands, Stands::Loop | Stands::Unregistered);
        if waits && self.until <= now {
            return (Stands::Expired(ExpiryReason::Timeout), self.version + 1);
        }
        (self.stands, self.version)
    }

    fn moves(&mut self, stands: Stands, now: Timestamp) {
        (self.stands, self.since, self.until, self.recorded) = (stands, now, now.plus(BIND), true);
        self.version += 1;
    }

    /// Returns whether it makes a difference who the person who scanned is to other apps.
    fn wants_unionid(&self, identity: Identity) -> bool {
        match self.stands {
            Stands::Unregistered => true,
            Stands::Registered { .. } => !identity.union_known,
            Stands::Loop | Stands::Expired(_) => false,
        }
    }

    /// Returns whether there is a session that can be used.
    pub(super) fn has_session(&self) -> bool {
        self.session.is_some_and(|session| !session.ended)
    }

    pub(super) fn log_out(&mut self) {
        self.session = self.session.map(|session| Session { ended: true, ..session });
    }

    pub(super) fn look(&self, now: Timestamp) -> Result<(Stands, u32), Refused> {
        let unknown = !self.recorded && self.until.plus(TOMBSTONE) <= now;
        if unknown { Err(Refused::Unknown) } else { Ok(self.at(now)) }
    }

    pub(super) fn cancel(&mut self, now: Timestamp) -> Result<(), Refused> {
        match self.look(now)?.0 {
            Stands::Expired(_) => Ok(()),
            Stands::Registered { .. } => Err(Refused::State("registered")),
            Stands::Loop | Stands::Unregistered => {
                self.moves(Stands::Expired(ExpiryReason::Cancelled), now);
                Ok(())
            }
        }
    }

    fn only_unregistered(&self, now: Timestamp) -> Result<(), Refused> {
        match self.look(now)?.0 {
            Stands::Unregistered => Ok(()),
            Stands::Loop => Err(Refused::State("loop")),
            Stands::Registered { .. } => Err(Refused::State("registered")),
            Stands::Expired(_) => Err(Refused::State("expired")),
        }
    }

    /// Counts a try and says what became of it.
    fn guess(&mut self, phone: usize, number: u32, now: Timestamp) -> Result<(), Refused> {
        let live = |code: &&mut Code| code.tries > 0 && now < code.until;
        let code = self.code.as_mut().filter(live).ok_or(Refused::NoCode)?;
        code.tries -= 1;
        if (code.phone, code.number) == (phone, number) { Ok(()) } else { Err(Refused::Wrong(code.tries)) }
    }
}

impl Model {
    pub(super) fn start(&mut self, app: usize, joins: Option<usize>, now: Timestamp) {
        self.logins.push(Login {
            app,
            version: 1,
            recorded: false,
            stands: Stands::Loop,
            since: now,
            until: Timestamp::from_millis(now.plus(secs(120)).as_millis() / 10 * 10),
            joins: joins.map(|phone| (phone, now)),
            not_joined: false,
            scan: None,
            code: None,
            proof: None,
            session: None,
        });
    }

    /// Returns what is answered, and whether there is more to do.
    pub(super) fn scan(&mut self, login: usize, person: usize, now: Timestamp) -> (Scanned, bool) {
        let login = &mut self.logins[login];
        let users = &mut self.identities[login.app];
        if login.not_joined {
            return (Scanned::NotJoined, false);
        }
        if let Some((first, known)) = login.scan {
            if first != person {
                return (Scanned::ByAnother, false);
            }
            let reply = if known { Scanned::LoggedIn } else { Scanned::GoOn };
            return (reply, login.wants_unionid(users[person]));
        }
        if let (Stands::Expired(reason), _) = login.at(now.plus(COMMIT_MARGIN)) {
            return (Scanned::Over(reason), false);
        }
        if let Some((phone, asked)) = login.joins {
            let is_void = self.all_ended[phone].is_some_and(|ended| asked <= ended);
            let is_free = users.iter().all(|other| other.account != Some(phone));
            let joined = users[person].account.or(is_free.then_some(phone));
            if joined == Some(phone) && !is_void {
                users[person].account = joined;
            } else {
                login.not_joined = true;
                login.moves(Stands::Expired(ExpiryReason::Denied), now);
                return (Scanned::NotJoined, false);
            }
        }
        let account = users[person].account;
        login.scan = Some((person, account.is_some()));
        let stands = account.map_or(Stands::Unregistered, |phone| Stands::Registered { phone });
        login.moves(stands, now);
        let reply = if account.is_some() { Scanned::LoggedIn } else { Scanned::GoOn };
        (reply, login.wants_unionid(users[person]))
    }

    pub(super) fn hand_over(&mut self, login: usize, now: Timestamp) -> Result<(), Refused> {
        let login = &mut self.logins[login];
        let Stands::Registered { phone } = login.stands else { return Err(Refused::Closed) };
        let is_void = self.all_ended[phone].is_some_and(|ended| login.since <= ended);
        if login.session.is_none() && now < login.until && !is_void {
            login.session = Some(Session { opened: now, ended: false });
        }
        match login.session {
            Some(session) if !session.ended && now < session.opened.plus(HANDOVER) => Ok(()),
            Some(_) | None => Err(Refused::Closed),
        }
    }

    /// Ends all sessions of a login's account.
    pub(super) fn log_out_everywhere(&mut self, login: usize, now: Timestamp) {
        let account = self.logins[login].stands;
        if let Stands::Registered { phone } = account {
            self.all_ended[phone] = Some(now);
        }
        self.logins.iter_mut().filter(|login| login.stands == account).for_each(Login::log_out);
    }

    /// Does the work that a scan by a person with a unionid has left behind.
    pub(super) fn follow_up(&mut self, login: usize, now: Timestamp) {
        let login = &mut self.logins[login];
        let Some((person, _)) = login.scan else { return };
        let elsewhere = self.identities[1 - login.app][person];
        let taken = |phone| self.identities[login.app].iter().any(|other| other.account == Some(phone));
        let linked = elsewhere.account.filter(|phone| elsewhere.union_known && !taken(*phone));
        let identity = &mut self.identities[login.app][person];
        identity.union_known = true;
        identity.account = identity.account.or(linked);
        if let (Some(phone), (Stands::Unregistered, _)) = (identity.account, login.at(now)) {
            login.moves(Stands::Registered { phone }, now);
        }
    }

    pub(super) fn send_code(&mut self, login: usize, phone: usize, now: Timestamp) -> Result<(), Refused> {
        let login = &mut self.logins[login];
        login.only_unregistered(now)?;
        self.codes_sent += 1;
        let (number, until) = (self.codes_sent, now.plus(CODE_TTL));
        login.code = Some(Code { phone, number, tries: CODE_TRIES, until });
        Ok(())
    }

    /// Returns the number of the last code that was sent for a login; 0 if none was.
    pub(super) fn last_code(&self, login: usize) -> u32 {
        self.logins[login].code.as_ref().map_or(0, |code| code.number)
    }

    /// Binds a phone with the code of this number; 0 stands for a wrong one.
    pub(super) fn bind(
        &mut self,
        login: usize,
        phone: usize,
        number: u32,
        now: Timestamp,
    ) -> Result<(), Refused> {
        let login = &mut self.logins[login];
        if number > 0 && login.proof == Some((phone, number)) {
            return Ok(());
        }
        login.only_unregistered(now)?;
        login.guess(phone, number, now)?;
        let Some((person, _)) = login.scan else { return Err(Refused::State("loop")) };
        let users = &mut self.identities[login.app];
        if users[person].account.is_none() && users.iter().any(|other| other.account == Some(phone)) {
            return Err(Refused::Taken);
        }
        let account = *users[person].account.get_or_insert(phone);
        login.proof = Some((phone, number));
        login.moves(Stands::Registered { phone: account }, now);
        Ok(())
    }
}
