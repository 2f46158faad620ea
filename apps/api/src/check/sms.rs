//! The SMS providers, as far as can be seen without sending.

use std::time::Duration;

use saoma_sms::CloudConfig;
use tokio::net::TcpStream;
use url::Url;

use super::{Finding, Text};
use crate::config::{Config, SmsProvider};

/// How long connecting may take.
const TIME_LIMIT: Duration = Duration::from_secs(3);

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for provider in &config.sms.providers {
        let key = format!(
            "sms.{}",
            if matches!(provider, SmsProvider::Webhook(_)) { "url" } else { provider.name() }
        );
        if let Some(url) = provider.url() {
            findings.push(reached(&key, &url).await);
        }
        match provider {
            SmsProvider::Log => findings.push(Finding::warning(
                "sms.provider",
                Text::new("`log` sends nothing: codes stand in the log", "`log` 不发短信：验证码只写进日志"),
                Text::new("choose a provider before the public comes", "上线前换成真正的短信服务商"),
            )),
            SmsProvider::Aliyun(cloud) => findings.extend(cloud_texts(&key, cloud, "SMS_")),
            SmsProvider::AliyunPnvs(cloud) | SmsProvider::Tencent(cloud) => {
                findings.extend(cloud_texts(&key, cloud, ""));
            }
            SmsProvider::Webhook(_) | SmsProvider::Template(_) => {}
        }
    }
    findings
}

fn cloud_texts(key: &str, cloud: &CloudConfig, code_prefix: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if cloud.sign_name.contains(['【', '】', '[', ']']) {
        findings.push(Finding::wrong(
            format!("{key}.sign_name"),
            Text::new("it has brackets, which the provider adds", "带了【】，服务商会自己加"),
            Text::new("write the signature alone", "只写签名本身，不要写【】"),
        ));
    }
    let is_simulated = cloud.url.is_some();
    if !is_simulated && !cloud.template_code.starts_with(code_prefix) {
        findings.push(Finding::wrong(
            format!("{key}.template_code"),
            Text::new(
                format!("templates of this provider begin with {code_prefix}"),
                format!("该服务商的模板以 {code_prefix} 开头"),
            ),
            Text::new("copy the template's id, not its name", "复制模板 CODE，而不是模板名称"),
        ));
    }
    findings
}

/// Connects without sending anything: a message would go out to a phone.
async fn reached(key: &str, url: &Url) -> Finding {
    match reach(url).await {
        Ok(()) => Finding::ok(key, "it can be reached", "可以连通"),
        Err(cause) => Finding::wrong(
            key,
            Text::new(format!("it cannot be reached: {cause}"), format!("连不上：{cause}")),
            Text::new("correct the address, or let the firewall pass it", "改正地址，或在防火墙/安全组放行"),
        ),
    }
}

/// Connects to a host, and says why it cannot be reached.
pub(super) async fn reach(url: &Url) -> Result<(), String> {
    let address = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
    match tokio::time::timeout(TIME_LIMIT, TcpStream::connect(address)).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer within 3 s".to_owned()),
    }
}
