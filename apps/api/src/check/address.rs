//! Addresses that the configuration sends people or messages to.

use url::Url;

use super::{Finding, Text, sms::reach};
use crate::config::Config;

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Ok(page) = Url::parse(config.login.page_url.as_deref().unwrap_or_default()) {
        findings.push(match reach(&page).await {
            Ok(()) => Finding::ok("login.page_url", "it can be reached", "可以连通"),
            Err(cause) => Finding::wrong(
                "login.page_url",
                Text::new(format!("it cannot be reached: {cause}"), format!("连不上：{cause}")),
                Text::new("correct the address, or use /login", "改正地址，或者用自带的 /login"),
            ),
        });
    }
    for app in &config.wechat.apps {
        let Some(relay) = &app.relay else { continue };
        let key = format!("wechat.apps.{}.relay_url", app.name);
        let is_own = relay.url.origin() == config.server.public_url.origin()
            && config.mount.endpoint(relay.url.path()).starts_with("/wechat/");
        findings.push(if is_own {
            Finding::wrong(
                key,
                Text::new(
                    "it is this service itself: messages would go in a circle",
                    "填的是 Saoma 自己：消息会转圈",
                ),
                Text::new("name the system that took messages before", "填原来接收消息的系统的地址"),
            )
        } else {
            system(key, &relay.url).await
        });
    }
    for (at, webhook) in config.webhooks.iter().enumerate() {
        findings.push(system(format!("webhooks[{at}].url"), &webhook.target.url).await);
    }
    if let Some(gate) = &config.gate {
        findings.push(system("gate.url".to_owned(), &gate.url).await);
    }
    findings
}

/// Tries to reach another system of the site.
async fn system(key: String, url: &Url) -> Finding {
    match reach(url).await {
        Ok(()) => Finding::ok(key, "it can be reached", "可以连通"),
        Err(cause) => Finding::wrong(
            key,
            Text::new(format!("it cannot be reached: {cause}"), format!("连不上：{cause}")),
            Text::new("start the system behind it, or correct the address", "启动后面的系统，或改正地址"),
        ),
    }
}
