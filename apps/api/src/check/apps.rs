//! WeChat and its apps.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use saoma_domain::ports::{Clock, MiniProgram as _, OfficialAccount, Random, WechatError};
use saoma_wechat::{client::WechatClient, errcode};

use super::{Finding, Text, server::is_wechat};
use crate::{
    adapters,
    config::{AppConfig, AppKind, Config, LoginBy},
    node::{OsRandom, SystemClock},
};

/// How far the clock of this machine may be from WeChat's: its callbacks are good for five minutes.
const SKEW_S: u64 = 60;

/// The scene of the QR code that is made to see whether the account may.
const SCENE: &str = "check";

pub(super) async fn look(config: &Config) -> Vec<Finding> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let random: Arc<dyn Random> = Arc::new(OsRandom::default());
    let client = match adapters::wechat(&config.wechat, &clock, &random, None) {
        Ok(client) => client,
        Err(error) => {
            let cause = error.to_string();
            let advice = Text::new("correct the addresses of [wechat]", "改正 [wechat] 里的地址");
            return vec![Finding::wrong("wechat", Text::new(cause.clone(), cause), advice)];
        }
    };
    if config.wechat.apps.is_empty() {
        return vec![Finding::wrong(
            "wechat.apps",
            Text::new("no app is configured, so no login is possible", "没有配置任何应用，无法登录"),
            Text::new("add [[wechat.apps]], or run saoma init", "添加 [[wechat.apps]]，或运行 saoma init"),
        )];
    }
    let mut findings = twins(&config.wechat.apps);
    findings.extend(wechat_clock(config).await);
    for app in &config.wechat.apps {
        findings.extend(forms(config, app));
        findings.push(credentials(&client, app).await);
        findings.extend(login_page(&client, app).await);
    }
    findings
}

/// Finds apps with one app id.
fn twins(apps: &[AppConfig]) -> Vec<Finding> {
    let mut known: BTreeMap<&str, &AppConfig> = BTreeMap::new();
    let mut findings = Vec::new();
    for app in apps {
        if let Some(first) = known.insert(&app.app_id, app) {
            let (one, other) = (&first.name, &app.name);
            findings.push(Finding::wrong(
                format!("wechat.apps.{other}.app_id"),
                Text::new(format!("`{one}` and `{other}` have one app id"), format!("`{one}` 和 `{other}` 的 app_id 相同")),
                Text::new(
                    "a website, a mobile application, an official account and a mini program each have an app id and a secret of their own",
                    "网站应用、移动应用、公众号、小程序各有自己的 AppID 和 AppSecret，请分别填写",
                ),
            ));
        }
    }
    findings
}

/// Looks at texts that are often put in the wrong place.
fn forms(config: &Config, app: &AppConfig) -> Vec<Finding> {
    let key = format!("wechat.apps.{}.app_id", app.name);
    let mut findings = Vec::new();
    if app.app_id.starts_with("gh_") {
        findings.push(Finding::wrong(
            key,
            Text::new("it is an original id, not an app id", "这是原始 ID（gh_ 开头），不是 AppID"),
            Text::new("take the AppID, which begins with wx", "请填 wx 开头的 AppID"),
        ));
    } else if is_wechat(&config.wechat.api_base) && !(app.app_id.starts_with("wx") && app.app_id.len() == 18)
    {
        findings.push(Finding::warning(
            key,
            Text::new("app ids begin with wx and have 18 characters", "AppID 以 wx 开头，共 18 个字符"),
            Text::new("compare it with WeChat's console", "和微信后台逐字核对"),
        ));
    }
    if app.test_account && config.server.is_https() {
        findings.push(Finding::warning(
            format!("wechat.apps.{}.test_account", app.name),
            Text::new(
                "a test account has at most 100 followers, and WeChat does not sign its messages",
                "测试号最多 100 个关注者，且微信不对消息体签名",
            ),
            Text::new("use a certified service account for the public", "正式上线请用已认证的服务号"),
        ));
    }
    findings.extend(message_login(app));
    findings
}

/// Looks at what a login by a message needs besides the callback.
fn message_login(app: &AppConfig) -> Vec<Finding> {
    let LoginBy::Message { original_id } = &app.login_by else { return Vec::new() };
    let key = |key: &str| format!("wechat.apps.{}.{key}", app.name);
    let mut findings = Vec::new();
    if original_id.is_none() {
        findings.push(Finding::warning(
            key("original_id"),
            Text::new(
                "without it the page cannot show the account's own QR code",
                "没有填写，页面无法显示公众号自己的二维码",
            ),
            Text::new(
                "take the original id (gh_…) from WeChat's console: settings, account details",
                "填写公众号的原始 ID（gh_ 开头）：微信后台“设置与开发 → 账号设置 → 账号详情”",
            ),
        ));
    }
    if app.chat.confirm.by().is_none() {
        findings.push(Finding::warning(
            key("confirm"),
            Text::new(
                "a mistyped code can be the one of a stranger's page, which is then logged in at once",
                "发错一位数字，可能正好是别人页面上的数字，别人的页面会直接登录",
            ),
            Text::new("set confirm = \"number\" or \"click\"", "设置 confirm = \"number\" 或 \"click\""),
        ));
    }
    findings
}

async fn credentials(client: &WechatClient, app: &AppConfig) -> Finding {
    let key = format!("wechat.apps.{}", app.name);
    match app.kind {
        AppKind::OfficialAccount if app.login_by.is_message() => match client.probe(&app.name).await {
            Ok(()) => Finding::ok(
                key,
                "WeChat takes its app id and secret; its logins begin with a code that people send to it",
                "微信接受 AppID 和 AppSecret；用户把页面上的数字发给公众号来登录",
            ),
            Err(error) => refused(key, error),
        },
        AppKind::OfficialAccount => match client.create_qr(&app.name, SCENE, Duration::from_secs(60)).await {
            Ok(_) => Finding::ok(
                key,
                "WeChat takes its app id and secret, and makes QR codes",
                "微信接受 AppID 和 AppSecret，可以生成带参数二维码",
            ),
            Err(error) => refused(key, error),
        },
        AppKind::MiniProgram => match client.probe(&app.name).await {
            Ok(()) => Finding::ok(key, "WeChat takes its app id and secret", "微信接受 AppID 和 AppSecret"),
            Err(error) => refused(key, error),
        },
        AppKind::Website | AppKind::MobileApp => Finding::ok(
            key,
            "configured; only a login shows whether WeChat takes its app id and secret",
            "已配置；AppID 和 AppSecret 是否正确要登录一次才知道",
        ),
    }
}

/// Has the code of a mini program made that opens its login page.
async fn login_page(client: &WechatClient, app: &AppConfig) -> Option<Finding> {
    let page = app.login_page.as_ref()?;
    let key = format!("wechat.apps.{}.login_page", app.name);
    Some(match client.login_code(&app.name, SCENE).await {
        Ok(_) => Finding::ok(
            key,
            format!("WeChat makes codes that open {}", page.path),
            format!("可以生成打开 {} 的小程序码", page.path),
        ),
        Err(error) => refused(key, error),
    })
}

fn refused(key: String, error: WechatError) -> Finding {
    match error {
        WechatError::Refused { errcode, advice } => {
            let known = errcode::lookup(errcode);
            // What WeChat adds, such as the address to allow, is in the advice alone.
            let details =
                advice.split_once(" (it is ").map(|(_, rest)| rest.split(')').next().unwrap_or_default());
            let details = details.map_or_else(String::new, |ip| format!("（微信看到的 IP 是 {ip}）"));
            let zh = known.map_or("本版本不认识的错误码", |row| row.cause.zh);
            let to_do = known.map_or(
                Text::new("look it up in WeChat's list of return codes", "查阅微信的“全局返回码说明”"),
                |row| Text::new(row.advice.en, row.advice.zh),
            );
            let found = Text::new(
                format!("WeChat refused with errcode {errcode}: {advice} (asked at wechat.api_base)"),
                format!("微信返回 errcode {errcode}：{zh}{details}"),
            );
            Finding::wrong(key, found, to_do)
        }
        error
        @ (WechatError::Unavailable { .. } | WechatError::NotFound { .. } | WechatError::UnknownApp) => {
            let found =
                Text::new(format!("{error} (asked at wechat.api_base)"), format!("微信没有应答：{error}"));
            Finding::wrong(
                key,
                found,
                Text::new(
                    "see that this machine reaches wechat.api_base: DNS, firewall, proxy",
                    "确认本机能访问 wechat.api_base：DNS、防火墙、代理",
                ),
            )
        }
    }
}

/// Compares the clock of this machine with WeChat's.
async fn wechat_clock(config: &Config) -> Option<Finding> {
    let key = "wechat.api_base";
    let http = super::certificate::http().ok()?;
    let ours = SystemClock.now().as_secs();
    let answer = http.get(config.wechat.api_base.clone()).send().await.ok()?;
    let date = answer.headers().get("date")?.to_str().ok()?;
    let theirs = super::certificate::http_date(date)?;
    let skew = ours - theirs;
    if skew.unsigned_abs() <= SKEW_S {
        return Some(Finding::ok(key, "the clock agrees with WeChat's", "本机时间和微信一致"));
    }
    Some(Finding::wrong(
        key,
        Text::new(
            format!("the clock of this machine is {skew} s ahead of WeChat's, which signs with its own"),
            format!("本机时间比微信快 {skew} 秒，微信的回调会被当作过期"),
        ),
        Text::new(
            "set the clock by NTP (chrony, systemd-timesyncd)",
            "用 NTP 校准时间（chrony 或 systemd-timesyncd）",
        ),
    ))
}
