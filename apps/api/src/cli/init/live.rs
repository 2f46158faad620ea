//! Says live what arrives from WeChat, and what exactly differs where it is refused.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use saoma_api::{config::Language, errcodes};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use super::answers::Answers;
use crate::cli::output::say;

/// After this time without any call the operator is told how to try from outside.
const SILENCE: Duration = Duration::from_secs(60);

/// Listens to what the service logs about WeChat's calls.
#[derive(Clone)]
pub(in crate::cli) struct Live(Arc<Told>);

struct Told {
    language: Language,
    public_url: String,
    token: String,
    /// What was said; most is said once.
    said: Mutex<BTreeSet<String>>,
}

impl Live {
    pub(super) fn new(answers: &Answers, language: Language) -> Self {
        let (public_url, token) = (answers.public_url.clone(), answers.token.clone());
        Self(Arc::new(Told { language, public_url, token, said: Mutex::default() }))
    }

    /// Says how to try from outside, where nothing has arrived for a while.
    pub(super) async fn complain_of_silence(self) {
        tokio::time::sleep(SILENCE).await;
        let is_silent = self.0.said.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if is_silent {
            let url = &self.0.public_url;
            say(&match self.0.language {
                Language::Chinese => format!(
                    "… 还没有收到任何请求。请用手机流量打开 {url}/healthz，应显示 ok；打不开就检查域名解析、防火墙和反向代理"
                ),
                Language::English => format!(
                    "… nothing has arrived yet. Open {url}/healthz from outside, it says ok; else see DNS, firewall and proxy"
                ),
            });
        }
    }

    /// Says something once.
    fn once(&self, zh: String, en: String) {
        let text = match self.0.language {
            Language::Chinese => zh,
            Language::English => en,
        };
        let is_new = self.0.said.lock().unwrap_or_else(PoisonError::into_inner).insert(text.clone());
        if is_new {
            say(&text);
        }
    }

    fn took(&self, what: &str) {
        match what {
            "echo" => self.once(
                "✓ 微信校验了 URL 和 Token，通过".to_owned(),
                "✓ WeChat checked the URL and the Token: they are right".to_owned(),
            ),
            "message" => self.once(
                "✓ 收到第一个事件，签名正确".to_owned(),
                "✓ the first event has arrived, rightly signed".to_owned(),
            ),
            _ => {}
        }
    }

    fn refused(&self, cause: &str, skew: Option<i64>) {
        let token = &self.0.token;
        match (cause, skew) {
            ("signature", _) => self.once(
                format!("✗ 签名不对：微信后台填的 Token 和配置不同，应为 {token}"),
                format!("✗ wrong signature: the console has another Token; it has to be {token}"),
            ),
            ("stale", skew) => {
                let seconds = skew.unwrap_or_default();
                self.once(
                    format!("✗ 时间对不上：微信的时间戳比本机慢 {seconds} 秒，请用 NTP 校准本机时间"),
                    format!("✗ stale: WeChat's time is {seconds} s behind this machine's clock; set it by NTP"),
                );
            }
            ("mode", _) => self.once(
                "✗ 加密方式不对：测试号和明文模式不加密；其他账号请在后台选“安全模式”".to_owned(),
                "✗ wrong mode: test accounts are plain; else choose 安全模式 (secure mode) in the console".to_owned(),
            ),
            ("appid", _) => self.once(
                "✗ 消息属于另一个 AppID：核对 app_id，或 URL 填到了别的账号里".to_owned(),
                "✗ the message is for another AppID: compare app_id, or the URL was entered for another account".to_owned(),
            ),
            (_, _) => self.once(
                "✗ 收到的不是微信的消息：检查反向代理是否改动了请求".to_owned(),
                "✗ what came is no message of WeChat's: see whether a proxy changes requests".to_owned(),
            ),
        }
    }

    /// Says which code WeChat refused the app id and the secret with, and what to do.
    fn refused_secret(&self, errcode: i64) {
        let code = errcode.to_string();
        let explained = |language| errcodes::explain(&code, language).unwrap_or_else(|| code.clone());
        self.once(
            format!("✗ 微信不接受 AppID 或 AppSecret，错误码 {}", explained(Language::Chinese)),
            format!(
                "✗ WeChat does not take the AppID or the AppSecret: code {}",
                explained(Language::English)
            ),
        );
    }

    fn ended(&self) {
        let url = format!("{}/login", self.0.public_url);
        self.once(
            format!("✓ 有人登录成功。登录页：{url}"),
            format!("✓ a person has logged in. Login page: {url}"),
        );
    }
}

/// The fields of a line that are listened to.
#[derive(Default)]
struct Heard {
    callback: Option<String>,
    cause: Option<String>,
    outcome: Option<String>,
    skew: Option<i64>,
    errcode: Option<i64>,
}

impl Visit for Heard {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "callback" => self.callback = Some(value.to_owned()),
            "cause" => self.cause = Some(value.to_owned()),
            "outcome" => self.outcome = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        match field.name() {
            "skew_s" => self.skew = Some(value),
            "errcode" => self.errcode = Some(value),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Live {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !event.metadata().target().starts_with("saoma_api") {
            return;
        }
        let mut heard = Heard::default();
        event.record(&mut heard);
        match heard {
            Heard { callback: Some(what), .. } => self.took(&what),
            Heard { cause: Some(cause), skew, .. } => self.refused(&cause, skew),
            Heard { errcode: Some(errcode), .. } => self.refused_secret(errcode),
            Heard { outcome: Some(outcome), .. } if outcome == "registered" => self.ended(),
            Heard { .. } => {}
        }
    }
}
