//! What the requests of the control API say.

use serde::Deserialize;

use crate::state::{Api, Fault};

/// Bodies and queries; any other field than these is refused.
macro_rules! requests {
    ($($name:ident { $($field:ident: $kind:ty),+ })+) => {$(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name { $(pub(super) $field: $kind),+ }
    )+};
}

requests! {
    NewPerson { name: String, phone: Option<String> }
    Account { account: String }
    Scan { url: String, copies: Option<usize> }
    Text { account: String, text: String }
    MenuItem { account: String, key: String }
    Url { url: String }
    AllowUrl { url: String, snapshot: Option<bool> }
    AllowPage { person: String, snapshot: Option<bool> }
    RefusePage { person: String }
    App { app: String }
    EncryptedPhone {
        app: String, outdated_key: Option<bool>, watermark_app_id: Option<String>, age_s: Option<u32>
    }
    HighRisk { high_risk: bool }
    Login { app: String, service_url: String }
    MiniPage { url: String, service_url: String, confirm: Option<bool> }
    Phone { app: String, service_url: String, login: String, poll_token: String }
    After { after: Option<u64> }
    Resend { copies: Option<usize> }
    NewFault { api: Api, times: Option<usize>, fault: Fault }
    OpenAccount { open_account: Option<String> }
    Advance { seconds: u32 }
}
