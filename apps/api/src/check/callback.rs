//! Calls the service's own callbacks through the public address, as WeChat does when it checks the URL.

use std::error::Error;

use reqwest::tls::TlsInfo;
use saoma_domain::{
    ports::{Clock, random_bytes},
    text::hex,
};

use super::{
    Finding, Text,
    certificate::{http, valid_until},
};
use crate::{
    config::Config,
    node::{OsRandom, SystemClock},
};

/// A certificate that is valid for fewer days is too old: it should have been renewed.
const DAYS: i64 = 14;

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let Ok(http) = http() else { return Vec::new() };
    let mut findings = Vec::new();
    for app in &config.wechat.apps {
        let Some(codec) = &app.callback else { continue };
        let key = "server.public_url".to_owned();
        let path = format!("/wechat/{}/callback", app.name);
        let Ok(mut url) = config.server.public_url.join(&path) else { continue };
        let echo = hex(&random_bytes::<8>(&OsRandom::default()));
        let query = codec.sign_check(SystemClock.now(), &echo, &echo);
        url.query_pairs_mut()
            .append_pair("signature", &query.signature)
            .append_pair("timestamp", &query.timestamp)
            .append_pair("nonce", &query.nonce)
            .append_pair("echostr", &echo);
        match http.get(url).send().await {
            Err(error) => findings.push(unreached(key, &path, &error)),
            Ok(answer) => {
                findings.extend(certificate(&answer));
                let status = answer.status().as_u16();
                let text = answer.text().await.unwrap_or_default();
                findings.push(answered(key, &path, status, &text, &echo));
            }
        }
    }
    findings
}

fn unreached(key: String, path: &str, error: &reqwest::Error) -> Finding {
    let mut cause = String::new();
    let mut source = error.source();
    while let Some(deeper) = source {
        cause = deeper.to_string();
        source = deeper.source();
    }
    let lower = cause.to_lowercase();
    let advice = if lower.contains("refused") {
        Text::new("start the service and its proxy, then check again", "先启动 Saoma 和反向代理，再检查一次")
    } else if lower.contains("certificate") || lower.contains("tls") || lower.contains("unknownissuer") {
        Text::new(
            "let the proxy send its whole chain of certificates, for this name",
            "让反向代理发送完整的证书链，且证书要包含这个域名",
        )
    } else if lower.contains("lookup") || lower.contains("resolve") || lower.contains("name") {
        Text::new("give the host a DNS record", "给域名添加 DNS 解析")
    } else {
        Text::new("see that the public address leads to this service", "确认公网地址能到达本服务")
    };
    Finding::warning(
        key,
        Text::new(
            format!("{path} was called and gave no answer: {cause}"),
            format!("调用 {path} 没有应答：{cause}"),
        ),
        advice,
    )
}

fn answered(key: String, path: &str, status: u16, text: &str, echo: &str) -> Finding {
    if status == 200 && text == echo {
        return Finding::ok(
            key,
            format!("{path} answers a signed call through the public address"),
            format!("通过公网地址调用 {path}，签名校验通过"),
        );
    }
    let advice = match (status, text.contains("callback_refused")) {
        (403, true) => Text::new(
            "the service that answers has another Token than this configuration, or the proxy loses the query",
            "正在运行的服务用的 Token 和这份配置不同，或者反向代理丢了查询参数",
        ),
        (404, _) => Text::new(
            "another service answers there, or the proxy serves Saoma below a path: it needs a host of its own",
            "那里是别的服务，或者反向代理加了路径前缀：Saoma 需要独立的域名",
        ),
        (301 | 302 | 307 | 308, _) => Text::new(
            "the proxy redirects WeChat's calls, which WeChat does not follow: write https in public_url",
            "反向代理做了跳转，而微信不跟随跳转：public_url 请写跳转后的 https 地址",
        ),
        (502..=504, _) => Text::new("the proxy does not reach the service", "反向代理连不上 Saoma"),
        (_, _) => Text::new(
            "let the proxy pass path, query and body on unchanged",
            "让反向代理原样转发路径、查询参数和请求体",
        ),
    };
    Finding::wrong(
        key,
        Text::new(
            format!("{path} answered {status}, not the text that was sent"),
            format!("{path} 返回 {status}，不是发出的文本"),
        ),
        advice,
    )
}

fn certificate(answer: &reqwest::Response) -> Option<Finding> {
    let der = answer.extensions().get::<TlsInfo>()?.peer_certificate()?;
    let until = valid_until(der)?;
    let now = SystemClock.now().as_secs();
    let days = (until - now) / 86_400;
    let key = "server.public_url";
    if days >= DAYS {
        return Some(Finding::ok(
            key,
            format!("the certificate is valid for {days} days"),
            format!("证书还有 {days} 天有效"),
        ));
    }
    Some(Finding::warning(
        key,
        Text::new(format!("the certificate is valid for {days} days only"), format!("证书只剩 {days} 天")),
        Text::new("renew it, and see why it was not renewed by itself", "续期，并检查为什么没有自动续期"),
    ))
}
