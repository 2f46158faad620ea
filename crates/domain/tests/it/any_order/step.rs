//! What can happen.

use std::time::Duration;

use super::cast::WayIn;

/// How many logins take part.
pub(super) const LOGINS: usize = 8;

/// Something that a person or a client does, or that happens. Logins are counted back from the last one that was started.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// By a way in that is scanned or returned to; `link_to` is the login whose session asks to add an identity.
    Start {
        way_in: WayIn,
        link_to: Option<usize>,
    },
    /// A login that a phone number alone is to end.
    StartByNumber,
    OpenMiniProgram {
        code: usize,
        link_to: Option<usize>,
    },
    Scan {
        login: usize,
        person: usize,
    },
    /// A phone answers whether it lets the client in.
    Answer {
        login: usize,
        person: usize,
        answer: Answer,
    },
    /// The page that the code of a login opened in a mini program says something; `None`: it asks what asks.
    OnPage {
        login: usize,
        person: usize,
        answer: Option<bool>,
    },
    FollowUp,
    /// A browser comes back; without a code if the person refused.
    Return {
        login: usize,
        code: Option<usize>,
    },
    SendCode {
        login: usize,
        phone: usize,
    },
    Bind {
        login: usize,
        phone: usize,
        right: bool,
    },
    /// The client goes on without a phone number.
    Skip {
        login: usize,
    },
    BindWechatPhone {
        login: usize,
        code: usize,
    },
    Poll {
        login: usize,
        foreign_token: bool,
    },
    Cancel {
        login: usize,
    },
    LogOut {
        login: usize,
    },
    /// One session ends another one of its account.
    EndSession {
        by: usize,
        of: usize,
    },
    LogOutEverywhere {
        login: usize,
    },
    RemoveIdentity {
        by: usize,
        app: usize,
        person: usize,
    },
    SendNewPhoneCode {
        by: usize,
        phone: usize,
    },
    ChangePhone {
        by: usize,
        phone: usize,
        right: bool,
    },
    /// WeChat tells that a person follows an official account or does not; `secs_ago` may be in the future.
    News {
        app: usize,
        person: usize,
        follows: bool,
        secs_ago: i64,
    },
    Pass {
        time: Duration,
    },
    Service(Event),
}

/// What a phone says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    Yes,
    /// With the number that the client shows, or with another one.
    Number {
        right: bool,
    },
    No,
}

/// Something that happens to the service.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// The login cache and the session cache forget everything.
    EmptyCaches,
    Restart,
    Reconcile,
    /// From now on the other node is asked.
    OtherNode,
    /// WeChat gets slow, or fast again.
    Wechat {
        slow: bool,
    },
    /// The session cache gets out of reach, or comes back.
    SessionCache {
        away: bool,
    },
}
