//! What people see of the site.

use super::{Finding, Text};
use crate::config::{Config, PageConfig};

pub(super) fn look(config: &Config) -> Vec<Finding> {
    let page = &config.page;
    let mut findings = Vec::new();
    findings.extend(name(config));
    findings.extend(terms(page));
    findings.extend(style(page));
    findings
}

fn name(config: &Config) -> Option<Finding> {
    let key = "page.site_name";
    if let Some(name) = &config.page.site_name {
        return Some(Finding::ok(key, format!("people see “{name}”"), format!("页面显示「{name}」")));
    }
    // A service on this machine needs none.
    config.server.is_https().then(|| {
        Finding::warning(
            key,
            Text::new("empty: the page does not say whose login it is", "没有设置：登录页没有写明是哪个网站"),
            Text::new(
                "write what people call the site, and give it a logo",
                "填网站的名称，并设置 page.logo",
            ),
        )
    })
}

fn terms(page: &PageConfig) -> Option<Finding> {
    let has_terms = page.terms_url.is_some() || page.privacy_url.is_some();
    (page.terms.as_ref().is_some_and(|terms| terms.required) && !has_terms).then(|| {
        Finding::warning(
            "page.consent",
            Text::new(
                "people have to agree, and are shown nothing to agree to",
                "要求用户同意协议，但没有给出协议的地址",
            ),
            Text::new("set page.terms_url and page.privacy_url", "设置 page.terms_url 和 page.privacy_url"),
        )
    })
}

/// The page loads nothing from other hosts.
fn style(page: &PageConfig) -> Option<Finding> {
    let css = page.css.as_ref().and_then(|css| std::str::from_utf8(&css.content).ok())?.to_lowercase();
    let elsewhere = ["@import", "url(http", "url(\"http", "url('http", "url(//"];
    let found = elsewhere.into_iter().find(|word| css.contains(word))?;
    Some(Finding::warning(
        "page.css",
        Text::new(
            format!("it has `{found}`, and the page loads nothing from other hosts"),
            format!("里面有 `{found}`，而登录页不会加载其他域名的资源"),
        ),
        Text::new(
            "write the styles into the file itself, and pictures as data: URLs",
            "把样式直接写进这个文件，图片用 data: 地址",
        ),
    ))
}
