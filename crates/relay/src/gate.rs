//! The gate over HTTP: a system of the site decides whether a person is admitted.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Client, header::CONTENT_TYPE};
use saoma_domain::{
    account::Identity,
    ports::{Admission, Gate, GateError, GateVerdict, Refusal, RefusalCode},
};
use saoma_trace::{Callee, send};
use serde_json::{Value, json};
use url::Url;

use crate::http::{HttpRelayError, address, client, kind_of, read_capped};

const TIME_LIMIT: Duration = Duration::from_secs(1);
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// The gate of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateTarget {
    /// Where it is called.
    pub url: Url,
    /// Whether a person is admitted where the gate does not decide.
    pub admits_on_failure: bool,
}

/// A gate that is called by `POST` with JSON `{"account": {"id"} | null, "identity": {…} | null, "channel", "login": {"id"}}`,
/// and answers `{"admit": true}` or `{"admit": false, "code", "page", "chat"}` within a second.
pub struct HttpGate {
    client: Client,
    target: GateTarget,
}

impl HttpGate {
    /// Makes the gate.
    ///
    /// # Errors
    /// [`HttpRelayError`] when there is no usable TLS set-up.
    pub fn new(target: GateTarget) -> Result<Self, HttpRelayError> {
        Ok(Self { client: client(TIME_LIMIT, target.url.scheme() == "https")?, target })
    }

    async fn ask(&self, admission: &Admission) -> Result<GateVerdict, String> {
        let request = self.client.post(self.target.url.clone()).header(CONTENT_TYPE, "application/json");
        let request = request.body(question(admission).to_string());
        let answer = send(request, "gate", Callee::Own).await;
        let answer = answer.map_err(|error| kind_of(&error, TIME_LIMIT))?;
        if !answer.status().is_success() {
            return Err(format!("answered {}", answer.status().as_u16()));
        }
        let body = read_capped(answer, MAX_ANSWER_BYTES).await?;
        serde_json::from_slice(&body).ok().and_then(|answer| verdict(&answer)).ok_or_else(|| {
            "did not answer {\"admit\": true} or {\"admit\": false, \"code\", \"page\", \"chat\"}".to_owned()
        })
    }
}

#[async_trait]
impl Gate for HttpGate {
    async fn admit(&self, admission: &Admission) -> Result<GateVerdict, GateError> {
        match self.ask(admission).await {
            Ok(verdict) => Ok(verdict),
            Err(_) if self.target.admits_on_failure => Ok(GateVerdict::Admit),
            Err(what) => Err(GateError { reason: format!("gate.url: {} {what}", address(&self.target.url)) }),
        }
    }
}

fn question(admission: &Admission) -> Value {
    json!({
        "account": admission.account.map(|id| json!({ "id": id.to_string() })),
        "identity": admission.identity.as_ref().map(identity),
        "channel": admission.identity.as_ref().map(|identity| identity.channel.as_str()),
        "login": { "id": admission.login.to_string() },
    })
}

fn identity(identity: &Identity) -> Value {
    json!({
        "id": identity.id.to_string(),
        "app": identity.app.as_str(),
        "openid": identity.openid.as_str(),
        "unionid": identity.union.as_ref().map(|union| union.unionid.as_str()),
    })
}

/// Reads an answer; a refusal without a usable code or text is one all the same.
fn verdict(answer: &Value) -> Option<GateVerdict> {
    if answer.get("admit")?.as_bool()? {
        return Some(GateVerdict::Admit);
    }
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = RefusalCode::parse(text("code")).or_else(|_| RefusalCode::parse("refused")).ok()?;
    Some(GateVerdict::Refuse(Refusal::new(code, text("page"), text("chat"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_admits_or_refuses_and_nothing_else() {
        assert_eq!(verdict(&json!({ "admit": true })), Some(GateVerdict::Admit));
        let Some(GateVerdict::Refuse(refusal)) =
            verdict(&json!({ "admit": false, "code": "not_a_member", "page": "p", "chat": "c" }))
        else {
            panic!("it refuses")
        };
        assert_eq!((refusal.code.as_str(), &*refusal.page, &*refusal.chat), ("not_a_member", "p", "c"));
        let bare = verdict(&json!({ "admit": false, "code": "No Code!" }));
        assert!(matches!(bare, Some(GateVerdict::Refuse(refusal)) if refusal.code.as_str() == "refused"));
        for wrong in [json!({}), json!({ "admit": "yes" }), json!(true), json!({ "code": "x" })] {
            assert_eq!(verdict(&wrong), None, "{wrong}");
        }
    }
}
