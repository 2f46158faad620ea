//! Bodies of the page that a login's code opened in a mini program.

use saoma_domain::{nearness::Nearness, ports::Places, services::LoginInMiniProgram};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the page says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MiniProgramRequest {
    /// The code of `wx.login`; a new one for each call.
    pub(crate) code: String,
    /// Whether the person lets the waiting client in; left out to ask what asks, which is the scan.
    pub(crate) confirm: Option<bool>,
}

/// How the login stands, and who asks for it. Holds no session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MiniProgramAnswer {
    /// `loop` until the person has answered, then `registered`, or `unregistered` for a new one; `expired` once it is over.
    state: &'static str,
    asker: Asker,
}

/// The client that asks for the login.
#[derive(Debug, Serialize, ToSchema)]
struct Asker {
    /// What people call the site.
    site: String,
    /// What it says it is; empty where that is not known.
    user_agent: String,
    /// Its address; empty where that is not known.
    ip: String,
    /// Whether it is in the network of the phone, as far as addresses show that.
    same_network: bool,
}

impl MiniProgramAnswer {
    /// Describes a login to the phone that scanned its code.
    pub(crate) fn new(seen: LoginInMiniProgram, site: &str, phone: &str, places: &dyn Places) -> Self {
        let LoginInMiniProgram { login, client_info, .. } = seen;
        let nearness = client_info.ip.parse().ok().zip(phone.parse().ok());
        let nearness = nearness.map(|(client, phone)| places.nearness(client, phone));
        Self {
            state: login.state.name(),
            asker: Asker {
                site: site.to_owned(),
                user_agent: client_info.user_agent,
                ip: client_info.ip,
                same_network: nearness == Some(Nearness::SameNetwork),
            },
        }
    }
}
