//! The section `[check]`: what tells people from machines.

use saoma_domain::services::MachineCheck;
use saoma_sms::AliyunCaptchaConfig;

use url::Url;

use super::section::Section;

/// What tells people from machines.
#[derive(Clone, Debug, Default)]
pub enum CheckConfig {
    /// Nothing does.
    #[default]
    None,
    /// A proof of work.
    Work {
        /// The largest number; finding the right one takes half as many hashes on average.
        max_number: u32,
    },
    /// Alibaba Cloud Captcha 2.0.
    Aliyun {
        /// What the service needs.
        captcha: Box<AliyunCaptchaConfig>,
        /// The prefix (身份标) that the script in the page takes.
        prefix: String,
        /// The region that the script in the page takes: `cn` or `sgp`.
        region: String,
        /// Another address of the script than the cloud's own, such as that of a simulated one.
        script_url: Option<Url>,
    },
}

impl CheckConfig {
    /// Returns the word of the configuration.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Work { .. } => "pow",
            Self::Aliyun { .. } => "aliyun",
        }
    }

    /// Returns what the services go by.
    pub(crate) const fn policy(&self) -> MachineCheck {
        match self {
            Self::None => MachineCheck::None,
            Self::Work { max_number } => MachineCheck::Work { max_number: *max_number },
            Self::Aliyun { .. } => MachineCheck::Captcha,
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    None,
    Work,
    Aliyun,
}

pub(super) fn read(section: &mut Section<'_>) -> CheckConfig {
    let kinds = [("none", Kind::None), ("pow", Kind::Work), ("aliyun", Kind::Aliyun)];
    let kind = section.choice("kind", &kinds, Kind::None);
    let max_number = section.number("max_number", 50_000, 1_000..=10_000_000);
    match kind {
        Kind::None => CheckConfig::None,
        Kind::Work => CheckConfig::Work { max_number },
        Kind::Aliyun => aliyun(section).unwrap_or_default(),
    }
}

fn aliyun(section: &mut Section<'_>) -> Option<CheckConfig> {
    let id = needed(section, "access_key_id", "the AccessKey ID of a sub-account that may call the captcha");
    let secret = section.secret("access_key_secret");
    if secret.is_none() {
        section.problem("access_key_secret", "missing: here or in `access_key_secret_file`");
    }
    let scene_id = needed(section, "scene_id", "the scene of the console (场景 ID)");
    let prefix = needed(section, "prefix", "the prefix of the console (身份标)");
    let region = section.choice("region", &[("cn", "cn"), ("sgp", "sgp")], "cn").to_owned();
    let url = section.http_url("url");
    let script_url = section.http_url("script_url");
    let (access_key_id, access_key_secret, scene_id, prefix) = (id?, secret?, scene_id?, prefix?);
    let captcha = Box::new(AliyunCaptchaConfig { access_key_id, access_key_secret, scene_id, url });
    Some(CheckConfig::Aliyun { captcha, prefix, region, script_url })
}

fn needed(section: &mut Section<'_>, key: &str, what: &str) -> Option<String> {
    let text = section.text(key);
    if text.is_none() {
        section.problem(key, format!("missing: {what}"));
    }
    text
}
