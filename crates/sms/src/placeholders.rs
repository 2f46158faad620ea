//! What the operator's texts may hold: `{phone}`, `{national}`, `{code}`, `{minutes}` and `{secret}`.

use saoma_domain::ports::SmsMessage;
use secrecy::{ExposeSecret, SecretString};

use crate::http::percent_encoded;

/// What the placeholders stand for in one message.
pub(crate) struct Placeholders<'a> {
    values: [(&'static str, String); 4],
    secret: Option<&'a SecretString>,
}

impl<'a> Placeholders<'a> {
    pub(crate) fn of(message: &SmsMessage, secret: Option<&'a SecretString>) -> Self {
        let minutes = message.expires_in.as_secs().div_ceil(60).max(1);
        let values = [
            ("{phone}", message.phone.e164().to_owned()),
            ("{national}", message.phone.parts().1.to_owned()),
            ("{code}", message.code.reveal().to_owned()),
            ("{minutes}", minutes.to_string()),
        ];
        Self { values, secret }
    }

    /// Fills a text in as it is.
    pub(crate) fn fill(&self, text: &str) -> String {
        self.filled(text, str::to_owned)
    }

    /// Fills in the texts of a JSON document.
    pub(crate) fn fill_json(&self, text: &str) -> String {
        let escaped = |value: &str| {
            let quoted = serde_json::Value::from(value).to_string();
            quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
        };
        self.filled(text, escaped)
    }

    /// Fills in a URL, or a form.
    pub(crate) fn fill_encoded(&self, text: &str) -> String {
        self.filled(text, percent_encoded)
    }

    fn filled(&self, text: &str, written: impl Fn(&str) -> String) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.values {
            filled = filled.replace(name, &written(value));
        }
        // Last, so that nothing in it is taken for a placeholder.
        match self.secret {
            Some(secret) => filled.replace("{secret}", &written(secret.expose_secret())),
            None => filled,
        }
    }
}
