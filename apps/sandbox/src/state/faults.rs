//! Scripted faults, and the number of calls of each API.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

/// The number of faults that can wait at one API.
const MAX_PER_API: usize = 1000;

/// The calls that are counted and can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Api {
    /// `POST /cgi-bin/stable_token`
    StableToken,
    /// `POST /cgi-bin/qrcode/create`
    QrcodeCreate,
    /// `GET /cgi-bin/showqrcode`
    Showqrcode,
    /// `GET /cgi-bin/user/info`
    UserInfo,
    /// `GET /cgi-bin/ticket/getticket`
    Getticket,
    /// `POST /cgi-bin/openapi/quota/get`
    QuotaGet,
    /// `POST /cgi-bin/message/custom/send`
    CustomSend,
    /// `POST /sandbox/sms/webhook`
    SmsWebhook,
    /// `POST /sandbox/sms/aliyun`
    SmsAliyun,
    /// `POST /sandbox/sms/tencent`
    SmsTencent,
    /// `GET /connect/qrconnect`
    Qrconnect,
    /// `GET /connect/oauth2/authorize`
    Authorize,
    /// `GET /sns/oauth2/access_token`
    SnsAccessToken,
    /// `GET /sns/oauth2/refresh_token`
    SnsRefreshToken,
    /// `GET /sns/userinfo`
    SnsUserinfo,
    /// `GET /sns/jscode2session`
    Jscode2session,
    /// `POST /wxa/business/getuserphonenumber`
    Getuserphonenumber,
    /// `POST /wxa/getwxacodeunlimit`
    Getwxacodeunlimit,
}

/// How one call fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Status 200 with this `errcode`.
    Errcode {
        /// Such as -1 for "system busy".
        errcode: i64,
    },
    /// The right answer, late; the call has its effect at once, also where the caller no longer waits.
    Delay {
        /// In milliseconds, at most 60 000.
        delay_ms: u64,
    },
    /// Status 200 with a web page, as from a proxy in between.
    Html,
    /// Status 200 with JSON that stops in the middle.
    TruncatedJson,
    /// Status 200 with JSON that is larger than a caller should read.
    Huge {
        /// In bytes, at most 64 MiB.
        bytes: usize,
    },
    /// The connection is closed without an answer.
    Close,
    /// Another status, without a body.
    Status {
        /// 400 to 599; any other number counts as 500.
        status: u16,
    },
}

/// The faults that wait, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    pub(crate) waiting: BTreeMap<Api, VecDeque<Fault>>,
    pub(crate) calls: BTreeMap<Api, u64>,
    /// The code by which the clouds refuse messages, where they do.
    pub(crate) sms_code: Option<String>,
    /// What the captcha has judged already: each text is good once.
    pub(crate) captchas: BTreeSet<String>,
}

impl Faults {
    /// Lets the next `times` calls fail, after those that were scripted before. Returns how many faults wait.
    pub(crate) fn add(&mut self, api: Api, fault: &Fault, times: usize) -> usize {
        let queue = self.waiting.entry(api).or_default();
        let room = MAX_PER_API.saturating_sub(queue.len());
        queue.extend(std::iter::repeat_n(fault.clone(), times.min(room)));
        queue.len()
    }

    /// Counts a call and returns its fault, if one waits.
    pub(crate) fn call(&mut self, api: Api) -> Option<Fault> {
        *self.calls.entry(api).or_default() += 1;
        self.waiting.get_mut(&api)?.pop_front()
    }
}
