//! Checks against machines.

use saoma_domain::{
    proof_of_work::{WorkChallenge, WorkSolution},
    services::CheckAnswer,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::config::CheckConfig;

/// What a client has to do to show that it is no machine.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct CheckBody {
    /// `none`, `pow` or `aliyun`.
    pub(crate) kind: &'static str,
    /// The challenge; absent in `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) challenge: Option<ChallengeBody>,
}

/// A challenge.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ChallengeBody {
    Work(WorkChallengeBody),
    Aliyun(AliyunChallengeBody),
}

/// A proof of work in ALTCHA's form: find the `number`, at most `maxnumber`, of which SHA-256(`salt` followed by the number in
/// decimal) is `challenge` in hex. Good once, for ten minutes, for the client's network.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WorkChallengeBody {
    algorithm: &'static str,
    challenge: String,
    maxnumber: u32,
    salt: String,
    signature: String,
}

/// What the script of Alibaba Cloud Captcha 2.0 is started with.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AliyunChallengeBody {
    prefix: String,
    scene_id: String,
    region: String,
}

impl CheckBody {
    pub(crate) fn new(config: &CheckConfig, work: Option<WorkChallenge>) -> Self {
        let challenge = match config {
            CheckConfig::None => None,
            CheckConfig::Work { .. } => work.map(|work| {
                let WorkChallenge { algorithm, challenge, max_number: maxnumber, salt, signature } = work;
                ChallengeBody::Work(WorkChallengeBody { algorithm, challenge, maxnumber, salt, signature })
            }),
            CheckConfig::Aliyun { captcha, prefix, region, script_url: _ } => {
                Some(ChallengeBody::Aliyun(AliyunChallengeBody {
                    prefix: prefix.clone(),
                    scene_id: captcha.scene_id.clone(),
                    region: region.clone(),
                }))
            }
        };
        Self { kind: config.kind(), challenge }
    }
}

/// What shows that a client is no machine: the challenge with the `number` that was found, or what the script of Alibaba Cloud
/// Captcha gave.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum CheckRequest {
    Work(WorkRequest),
    Payload(PayloadRequest),
    Aliyun(AliyunRequest),
}

/// The challenge with the number that was found.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct WorkRequest {
    algorithm: String,
    challenge: String,
    number: u64,
    salt: String,
    signature: String,
}

/// The same as ALTCHA's widget gives it: JSON in base64.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayloadRequest {
    payload: String,
}

/// What the script of Alibaba Cloud Captcha gave.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AliyunRequest {
    captcha_verify_param: String,
}

impl CheckRequest {
    /// Reads it; `None` where it is no answer of any form.
    pub(crate) fn answer(&self) -> Option<CheckAnswer> {
        match self {
            Self::Work(work) => Some(work.answer()),
            Self::Payload(PayloadRequest { payload }) => {
                use base64::{Engine, engine::general_purpose::STANDARD};
                let json = STANDARD.decode(payload).ok()?;
                Some(serde_json::from_slice::<WorkRequest>(&json).ok()?.answer())
            }
            Self::Aliyun(AliyunRequest { captcha_verify_param }) => {
                Some(CheckAnswer::Captcha(captcha_verify_param.clone()))
            }
        }
    }
}

impl WorkRequest {
    fn answer(&self) -> CheckAnswer {
        let Self { algorithm, challenge, number, salt, signature } = self.clone();
        CheckAnswer::Work(WorkSolution { algorithm, challenge, number, salt, signature })
    }
}
