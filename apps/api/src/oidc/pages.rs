//! What people see: the question whether a client may have what it asks for, logging out, and what went wrong.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
};
use base64::{Engine, engine::general_purpose::STANDARD};
use saoma_domain::{
    oidc::{AuthorizationRequest, Client, Scope, UnknownTarget},
    ports::ActiveSession,
};

use crate::{dto::shown_name, problem::AnsweredItself};

const STYLE: &str = "html{color-scheme:light dark;background:light-dark(#f2f3f5,#111)}\
    body{display:grid;grid-template-columns:minmax(0,23rem);justify-content:center;align-items:center;min-height:100vh;\
    margin:0;padding:1rem;box-sizing:border-box;font-family:system-ui,sans-serif;line-height:1.5}\
    main{background:light-dark(#fff,#1d1d1f);border-radius:12px;padding:2rem 1.5rem}\
    h1{font-size:1.25rem;margin:0 0 1rem}ul{padding-left:1.25rem}\
    form{display:grid;gap:.75rem;margin-top:1.5rem}\
    button{font:inherit;padding:.7rem;border-radius:8px;border:1px solid #07853d;cursor:pointer;\
    background:#07853d;color:#fff}\
    button.plain{background:none;color:inherit;border-color:currentColor}\
    p.small{font-size:.875rem;opacity:.8;overflow-wrap:anywhere}";

/// Makes the pages.
pub(crate) struct Pages {
    /// They have this style and nothing else: no script, no picture, no other page around them.
    policy: String,
}

/// A sentence in English and in Chinese.
type Words = [&'static str; 2];

impl Pages {
    /// Makes the pages.
    pub(crate) fn new() -> Self {
        let hash = ring::digest::digest(&ring::digest::SHA256, STYLE.as_bytes());
        let hash = STANDARD.encode(hash);
        let policy =
            format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'");
        Self { policy }
    }

    /// Asks whether a client may have what it asks for; `fields` are the request and its proof.
    pub(super) fn consent(
        &self,
        http: &HttpRequest,
        action: &str,
        client: &Client,
        asked: &AuthorizationRequest,
        active: &ActiveSession,
        fields: [&str; 2],
    ) -> HttpResponse {
        let say = |words| in_language(http, words);
        let name = escaped(&client.name);
        let who = shown_name(active).or_else(|| active.account.masked_phone());
        let who = who.unwrap_or_else(|| active.account.id.to_string());
        let wants: String =
            asked.scopes.iter().map(|scope| format!("<li>{}</li>", say(wanted(scope)))).collect();
        let target = escaped(&asked.redirect_uri);
        let [request, proof] = fields.map(escaped);
        let [title, reads, allow, refuse, as_whom] = [
            ["wants to log you in", "请求使用你的账号登录"],
            ["It will learn:", "对方将获得："],
            ["Allow", "同意"],
            ["Refuse", "拒绝"],
            ["You are logged in as", "当前账号："],
        ]
        .map(say);
        let body = format!(
            "<h1>{name} {title}</h1><p>{as_whom} {who}</p><p>{reads}</p><ul>{wants}</ul>\
             <p class=small>{target}</p>\
             <form method=post action=\"{action}\">\
             <input type=hidden name=request value=\"{request}\"><input type=hidden name=proof value=\"{proof}\">\
             <button name=decision value=allow>{allow}</button>\
             <button class=plain name=decision value=refuse>{refuse}</button></form>",
            who = escaped(&who),
            action = escaped(action),
        );
        self.page(http, StatusCode::OK, &client.name, &body)
    }

    /// Asks whether the person wants to log out.
    pub(super) fn confirm_logout(
        &self,
        http: &HttpRequest,
        action: &str,
        fields: &[(&str, &str)],
        proof: &str,
    ) -> HttpResponse {
        let say = |words| in_language(http, words);
        let proof = [("proof", proof)];
        let fields = fields.iter().chain(&proof);
        let fields: String = fields
            .map(|(name, value)| {
                format!("<input type=hidden name=\"{}\" value=\"{}\">", escaped(name), escaped(value))
            })
            .collect();
        let title = say(["Log out?", "要退出登录吗？"]);
        let body = format!(
            "<h1>{title}</h1><form method=post action=\"{action}\">{fields}<button>{yes}</button></form>\
             <p class=small>{no}</p>",
            action = escaped(action),
            yes = say(["Log out", "退出登录"]),
            no = say(["To stay logged in, close this page.", "不想退出的话，关闭本页即可。"]),
        );
        self.page(http, StatusCode::OK, title, &body)
    }

    /// Says that the person is logged out.
    pub(super) fn logged_out(&self, http: &HttpRequest, client: Option<&Client>) -> HttpResponse {
        let title = in_language(http, ["You are logged out", "已退出登录"]);
        let of = client.map_or_else(String::new, |client| format!("<p>{}</p>", escaped(&client.name)));
        self.page(http, StatusCode::OK, title, &format!("<h1>{title}</h1>{of}"))
    }

    /// Says that a request names no client, or none of its addresses.
    pub(super) fn unknown_target(&self, http: &HttpRequest, target: UnknownTarget) -> HttpResponse {
        let why = match target {
            UnknownTarget::Client => {
                ["its client_id is not among the configured clients", "client_id 不在已配置的客户端里"]
            }
            UnknownTarget::RedirectUri => [
                "its redirect_uri is not, letter by letter, one of the client's redirect_uris",
                "redirect_uri 与该客户端配置的 redirect_uris 不完全一致",
            ],
        };
        let title = ["This login link does not work", "这个登录链接无效"];
        self.wrong(http, StatusCode::BAD_REQUEST, title, why)
    }

    /// Says that a form is not of this session any more.
    pub(super) fn form_is_over(&self, http: &HttpRequest) -> HttpResponse {
        let title = ["This page is too old", "页面已失效"];
        let why = ["go back to the site and log in once more", "请回到原来的网站，重新登录一次"];
        self.wrong(http, StatusCode::FORBIDDEN, title, why)
    }

    /// Says that a request to log out contradicts itself or leads elsewhere.
    pub(super) fn wrong_logout(&self, http: &HttpRequest) -> HttpResponse {
        let title = ["This logout link does not work", "这个退出链接无效"];
        let why = [
            "its client_id, id_token_hint or post_logout_redirect_uri is not one of a configured client",
            "client_id、id_token_hint 或 post_logout_redirect_uri 与已配置的客户端不符",
        ];
        self.wrong(http, StatusCode::BAD_REQUEST, title, why)
    }

    /// Says that a form has more in it than an address can have.
    pub(super) fn too_long(&self, http: &HttpRequest) -> HttpResponse {
        let title = ["This link does not work", "这个链接无效"];
        let why = ["the request is too long", "请求过长"];
        self.wrong(http, StatusCode::BAD_REQUEST, title, why)
    }

    /// Says that something is away for the moment.
    pub(super) fn unavailable(&self, http: &HttpRequest) -> HttpResponse {
        let title = ["This does not work at the moment", "服务暂时不可用"];
        let why = ["please try again in a moment", "请稍后再试"];
        self.wrong(http, StatusCode::SERVICE_UNAVAILABLE, title, why)
    }

    fn wrong(&self, http: &HttpRequest, status: StatusCode, title: Words, why: Words) -> HttpResponse {
        let title = in_language(http, title);
        let body = format!("<h1>{title}</h1><p>{}</p>", in_language(http, why));
        AnsweredItself::mark(self.page(http, status, title, &body))
    }

    fn page(&self, http: &HttpRequest, status: StatusCode, title: &str, body: &str) -> HttpResponse {
        let lang = in_language(http, ["en", "zh-CN"]);
        let html = format!(
            "<!doctype html><html lang={lang}><meta charset=utf-8>\
             <meta name=viewport content=\"width=device-width,initial-scale=1\">\
             <title>{}</title><style>{STYLE}</style><main>{body}</main>",
            escaped(title)
        );
        let policy = HeaderValue::try_from(self.policy.as_str());
        let policy = policy.unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
        HttpResponse::build(status)
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            // Without it a browser sends a form from here with the origin `null`.
            .insert_header((header::REFERRER_POLICY, "same-origin"))
            .content_type("text/html; charset=utf-8")
            .body(html)
    }
}

fn wanted(scope: Scope) -> Words {
    match scope {
        Scope::OpenId => ["that it is you (an id of your account here)", "你的身份（本站账号的编号）"],
        Scope::Profile => ["your name and picture", "昵称和头像"],
        Scope::Phone => ["your whole phone number", "完整的手机号"],
        Scope::Wechat => {
            ["the ids that WeChat gives you here (openid, unionid)", "你在本站的微信标识（openid、unionid）"]
        }
        Scope::OfflineAccess => [
            "all this also while you are away, until you log out here",
            "在你离开时继续获取以上信息，直到你在本站退出登录",
        ],
    }
}

/// Returns the sentence in the language that the browser prefers.
fn in_language(http: &HttpRequest, [english, chinese]: Words) -> &'static str {
    let accepted = http.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = accepted.unwrap_or_default().trim_start();
    if first.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case("en")) { english } else { chinese }
}

/// Writes a text for HTML, also between quotation marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
