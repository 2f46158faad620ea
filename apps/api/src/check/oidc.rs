//! The systems that log people in by OpenID Connect.

use super::{Finding, Text};
use crate::config::{Config, OidcClient};

pub(super) fn look(config: &Config) -> Vec<Finding> {
    if config.oidc.is_empty() {
        return Vec::new();
    }
    let (number, issuer) = (config.oidc.len(), config.issuer());
    let mut findings = vec![Finding::ok(
        "oidc.clients",
        format!("{number} clients; they are to be told: {issuer}/.well-known/openid-configuration"),
        format!("{number} 个客户端；请在对方系统里填：{issuer}/.well-known/openid-configuration"),
    )];
    findings.extend(config.oidc.iter().flat_map(of_client));
    findings
}

fn of_client(client: &OidcClient) -> Vec<Finding> {
    let (id, mut findings) = (&client.client.id, Vec::new());
    if client.has_short_secret {
        findings.push(Finding::warning(
            "oidc.clients.secret_file",
            Text::new(format!("the secret of {id} is short"), format!("{id} 的密钥太短")),
            Text::new("make one by `openssl rand -hex 32`", "用 `openssl rand -hex 32` 生成"),
        ));
    }
    if let Some(uri) = client.client.redirect_uris.iter().find(|uri| uri.is_in_clear()) {
        let uri = uri.as_str();
        findings.push(Finding::warning(
            "oidc.clients.redirect_uris",
            Text::new(
                format!("codes for {id} can be read on their way to {uri}"),
                format!("{id} 的登录码会以明文发往 {uri}"),
            ),
            Text::new(
                "use https there, unless that network is yours alone",
                "改用 https；只在自己的内网里除外",
            ),
        ));
    }
    let mut addresses = client.client.redirect_uris.iter();
    let claimed = addresses.find(|uri| client.client.could_be_another_at(uri.as_str()));
    if let Some(uri) = claimed.filter(|_| client.client.trusted) {
        let uri = uri.as_str();
        findings.push(Finding::warning(
            "oidc.clients.trusted",
            Text::new(
                format!(
                    "any program of a person's device can pass for {id} at {uri}, and people are not asked"
                ),
                format!("用户设备上的任何程序都能在 {uri} 冒充 {id}，而且不会询问用户"),
            ),
            Text::new("leave `trusted` out, or use an https address", "去掉 `trusted`，或改用 https 地址"),
        ));
    }
    if client.backchannel_logout_uri.as_ref().is_some_and(|uri| uri.scheme() == "http") {
        findings.push(Finding::ok(
            "oidc.clients.backchannel_logout_uri",
            format!("{id} is told of logouts by http; the message is signed and says who logged out"),
            format!("通过 http 通知 {id} 登出；消息有签名，但内容是明文"),
        ));
    }
    findings
}
