//! What a cloud needs to send codes.

use secrecy::SecretString;
use url::Url;

use crate::ClientError;

/// What a cloud needs to send codes.
#[derive(Clone, Debug)]
pub struct CloudConfig {
    /// The public part of the key (`AccessKey` ID, `SecretId`).
    pub access_key_id: String,
    /// The secret part of the key (`AccessKey` secret, `SecretKey`).
    pub access_key_secret: SecretString,
    /// The signature, as the console has it, without brackets.
    pub sign_name: String,
    /// The id of the template.
    pub template_code: String,
    /// The template's variables as JSON, with `{code}` and `{minutes}`: an object for Alibaba Cloud, a list for Tencent Cloud.
    pub template_param: Option<String>,
    /// The region, where the usual one is not meant.
    pub region: Option<String>,
    /// Tencent Cloud's `SmsSdkAppId`.
    pub app_id: Option<String>,
    /// Another address than the cloud's own, such as that of a simulated one.
    pub url: Option<Url>,
}

impl CloudConfig {
    /// Returns the address that was given, or the cloud's own.
    pub(crate) fn url_or(&self, usual: &str) -> Result<Url, ClientError> {
        match &self.url {
            Some(url) => Ok(url.clone()),
            None => Url::parse(usual).map_err(|error| ClientError::of(&error)),
        }
    }
}
