//! What the operator said, by arguments or by answers to questions.

use std::net::SocketAddr;

use saoma_api::{OsRandom, config::Language, domain::ports::random_bytes};
use url::Url;

use super::{
    Options,
    questions::{Both, Question, Questions},
};
use crate::cli::{command_error::CommandError, key::new_server_key};

/// What the configuration is made of.
pub(super) struct Answers {
    pub(super) test_account: bool,
    /// Of an account that can make no QR codes.
    pub(super) original_id: Option<String>,
    pub(super) public_url: String,
    pub(super) app_id: String,
    pub(super) secret: String,
    pub(super) token: String,
    /// Absent of a test account, which knows plain mode only.
    pub(super) encoding_aes_key: Option<String>,
    pub(super) key: String,
    /// Where SMS codes are handed over. Without it a test account shows them in the log, and another asks for no number.
    pub(super) sms_url: Option<String>,
    pub(super) listen: SocketAddr,
    pub(super) admin_listen: SocketAddr,
    pub(super) database: String,
    pub(super) wechat: Option<Url>,
}

const KIND: Question = Question {
    argument: "--test-account",
    zh: "是测试号吗？测试号输入 y，认证服务号直接回车：",
    en: "is it a test account (测试号)? y, or just Enter for a certified service account: ",
    rule: |_| Ok(()),
};
const PUBLIC_URL: Question = Question {
    argument: "--public-url",
    zh: "公网地址（例如 https://login.example.com）：",
    en: "public address (such as https://login.example.com): ",
    rule: is_address,
};
const APP_ID: Question = Question {
    argument: "--app-id",
    zh: "AppID（wx 开头）：",
    en: "AppID (begins with wx): ",
    rule: is_app_id,
};
const SECRET: Question = Question {
    argument: "--secret",
    zh: "AppSecret（不会显示在日志里）：",
    en: "AppSecret (never shown in the log): ",
    rule: is_secret,
};
const SMS_URL: Question = Question {
    argument: "--sms-url",
    zh: "短信 webhook 的地址（还没有就直接回车：先不要求手机号，以后再接短信）：",
    en: "webhook that takes SMS codes (just Enter where there is none yet: no phone number is asked for): ",
    rule: is_url,
};

impl Answers {
    /// Takes the arguments, and asks for what they lack where there is a terminal.
    ///
    /// # Errors
    /// [`CommandError::Misused`] naming the argument that is missing or wrong.
    pub(super) fn of(options: &Options, language: Language) -> Result<Self, CommandError> {
        let questions = Questions::new(language);
        let secret = options.read_secret()?;
        let is_said = options.public_url.is_some() && options.app_id.is_some() && secret.is_some();
        let talks = questions.can_ask() && !is_said;
        let mut test_account = options.test_account;
        let may_be_for_tests = !test_account && options.original_id.is_none();
        if talks && may_be_for_tests && options.encoding_aes_key.is_none() && options.sms_url.is_none() {
            test_account = questions.asked(&KIND)?.is_some_and(|answer| answer.starts_with(['y', 'Y', '是']));
        }
        let public_url = questions.needed(options.public_url.as_deref(), &PUBLIC_URL)?;
        let app_id = questions.needed(options.app_id.as_deref(), &APP_ID)?;
        let secret = questions.needed(secret.as_deref(), &SECRET)?;
        let sms_url = match &options.sms_url {
            Some(url) => Some(url.to_string()),
            None if talks && !test_account => questions.asked(&SMS_URL)?,
            None => None,
        };
        Ok(Self {
            test_account,
            original_id: options.original_id.clone(),
            public_url: public_url.trim_end_matches('/').to_owned(),
            app_id,
            secret,
            token: options.token.clone().unwrap_or_else(|| letters(24)),
            encoding_aes_key: match test_account {
                true => None,
                false => options.encoding_aes_key.clone().or_else(|| Some(letters(43))),
            },
            key: new_server_key(),
            sms_url,
            listen: options.listen(),
            admin_listen: options.admin_listen(),
            database: options.database(),
            wechat: options.wechat.clone(),
        })
    }
}

fn is_url(text: &str) -> Result<(), Both> {
    let is_http = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    match Url::parse(text) {
        Ok(url) if is_http(&url) && !text.contains(['"', '\\']) => Ok(()),
        Ok(_) | Err(_) => Err((
            format!("`{text}` 不是完整的地址，要以 https:// 开头"),
            format!("`{text}` is no whole address: it begins with https://"),
        )),
    }
}

fn is_address(text: &str) -> Result<(), Both> {
    is_url(text)?;
    match Url::parse(text) {
        Ok(url) if url.path() == "/" && url.query().is_none() && url.fragment().is_none() => Ok(()),
        Ok(_) | Err(_) => Err((
            format!("`{text}` 不能带路径：Saoma 要有自己的域名，例如 https://login.example.com"),
            format!("`{text}` has a path: it has to be http(s)://host[:port], a host of Saoma's own"),
        )),
    }
}

fn is_app_id(text: &str) -> Result<(), Both> {
    if text.starts_with("wx") && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err((
        format!("`{text}` 不是 AppID：AppID 以 wx 开头；gh_ 开头的是原始 ID"),
        format!("`{text}` is no AppID, which begins with wx; gh_… is the original id (原始 ID)"),
    ))
}

fn is_secret(text: &str) -> Result<(), Both> {
    if text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'\'')) {
        return Ok(());
    }
    Err((
        "只能是字母和数字，不带空格和引号".to_owned(),
        "it has to be letters and digits, without blanks and quotation marks".to_owned(),
    ))
}

/// Returns random letters and digits, as WeChat's console takes them.
fn letters(count: usize) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let random = OsRandom::default();
    let mut text = String::with_capacity(count);
    while text.len() < count {
        let [byte] = random_bytes::<1>(&random);
        // The uneven rest is drawn again.
        if let Some(letter) = LETTERS.get(usize::from(byte & 63)) {
            text.push(char::from(*letter));
        }
    }
    text
}
