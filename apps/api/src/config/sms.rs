//! The section `[sms]`.

use std::time::Duration;

use saoma_domain::sms::{CallingCode, SmsCountries};
use secrecy::SecretString;
use url::Url;

use super::section::Section;

/// Who sends the SMS.
#[derive(Clone, Debug)]
pub enum SmsProvider {
    /// The log: the code is shown there and not sent.
    Log,
    /// A service of the operator.
    Webhook {
        /// Where to.
        url: Url,
        /// What the message is signed with.
        secret: Option<SecretString>,
    },
}

/// How SMS codes are sent.
#[derive(Clone, Debug)]
pub struct SmsConfig {
    /// Who sends them.
    pub provider: SmsProvider,
    /// How long a code is good for.
    pub code_ttl: Duration,
    /// How many tries it has.
    pub code_attempts: u32,
    /// Where codes are sent.
    pub countries: SmsCountries,
}

/// China, Hong Kong, Macau, Taiwan.
const COUNTRIES: [&str; 4] = ["86", "852", "853", "886"];

pub(super) fn read(section: &mut Section<'_>, shows_codes: bool) -> SmsConfig {
    let providers = [("log", "log"), ("webhook", "webhook"), ("aliyun", "aliyun"), ("tencent", "tencent")];
    let name = section.choice("provider", &providers, "log");
    let secret = section.secret("webhook_secret");
    if name == "webhook" && !section.has("url") {
        section.problem("url", "missing: the http or https URL that takes the codes");
    }
    let url = if name == "webhook" { section.http_url("url") } else { section.text("url").and(None) };
    let provider = match name {
        "webhook" => url.map_or(SmsProvider::Log, |url| SmsProvider::Webhook { url, secret }),
        "log" => {
            if shows_codes {
                let message = "`log` shows the codes in the log and sends none, so it is refused \
                               where `server.public_url` is https, unless every official account is a test account";
                section.problem("provider", message);
            }
            SmsProvider::Log
        }
        other => {
            section.problem("provider", format!("`{other}` is not available in this version; use `webhook`"));
            SmsProvider::Log
        }
    };
    SmsConfig {
        provider,
        code_ttl: section.seconds("code_ttl_s", 180, 1..=3600),
        code_attempts: section.number("code_attempts", 5, 1..=20),
        countries: countries(section),
    }
}

fn countries(section: &mut Section<'_>) -> SmsCountries {
    let is_given = section.has("countries");
    let mut codes = section.list("countries");
    if !is_given {
        codes = COUNTRIES.map(str::to_owned).to_vec();
    }
    if codes == ["*"] {
        return SmsCountries::Everywhere;
    }
    let read: Option<Vec<_>> = codes.iter().map(|code| CallingCode::parse(code)).collect();
    if codes.is_empty() || read.is_none() {
        let message =
            "expected calling codes of countries, such as [\"86\", \"852\"], or [\"*\"] for everywhere";
        section.problem("countries", message);
    }
    SmsCountries::Only(read.unwrap_or_default())
}
