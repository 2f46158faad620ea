//! What the operator said, by arguments or by answers to questions.

use std::io::{self, IsTerminal, Write};

use saoma_api::{OsRandom, config::Language, domain::ports::random_bytes};
use url::Url;

use super::Options;
use crate::cli::{command_error::CommandError, key::new_server_key};

/// What the configuration is made of.
pub(super) struct Answers {
    pub(super) test_account: bool,
    pub(super) public_url: String,
    pub(super) app_id: String,
    pub(super) secret: String,
    pub(super) token: String,
    /// Absent of a test account, which knows plain mode only.
    pub(super) encoding_aes_key: Option<String>,
    pub(super) key: String,
    pub(super) sms_url: Option<Url>,
    pub(super) listen: String,
    pub(super) admin_listen: String,
    pub(super) database: String,
    pub(super) wechat: Option<Url>,
}

impl Answers {
    /// Takes the arguments, and asks for what they lack where there is a terminal.
    ///
    /// # Errors
    /// [`CommandError::Misused`] naming the argument that is missing or wrong.
    pub(super) fn of(options: &Options, language: Language) -> Result<Self, CommandError> {
        let asks = io::stdin().is_terminal();
        let ask = |given: &Option<String>, argument: &str, zh: &str, en: &str| {
            let given = given.as_deref().map(str::trim).filter(|text| !text.is_empty());
            match given {
                Some(text) => Ok(text.to_owned()),
                None if asks => question(match language {
                    Language::Chinese => zh,
                    Language::English => en,
                }),
                None => Err(CommandError::Misused(match language {
                    Language::Chinese => format!("缺少参数 {argument}，这里也没有终端可以询问"),
                    Language::English => format!("{argument} is missing, and there is no terminal to ask"),
                })),
            }
        };
        let public_url = ask(
            &options.public_url,
            "--public-url",
            "公网地址（例如 https://login.example.com）：",
            "public address (such as https://login.example.com): ",
        )?;
        let public_url = public_url.trim_end_matches('/').to_owned();
        if !Url::parse(&public_url)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/")
        {
            return Err(CommandError::Misused(format!(
                "--public-url: `{public_url}` has to be http(s)://host[:port] without a path"
            )));
        }
        let app_id = ask(&options.app_id, "--app-id", "AppID（wx 开头）：", "AppID (begins with wx): ")?;
        let secret = match &options.secret_file {
            None => ask(&options.secret, "--secret", "AppSecret（不会显示在日志里）：", "AppSecret: ")?,
            Some(file) => {
                std::fs::read_to_string(file).map(|text| text.trim().to_owned()).map_err(|error| {
                    CommandError::Misused(format!("--secret-file {}: {error}", file.display()))
                })?
            }
        };
        for (argument, text) in [("--app-id", &app_id), ("--secret", &secret), ("--public-url", &public_url)]
        {
            if text.contains(['"', '\\', '\n']) {
                return Err(CommandError::Misused(format!("{argument} has characters that it cannot have")));
            }
        }
        let random_key = || Some(letters(43));
        Ok(Self {
            test_account: options.test_account,
            public_url,
            app_id,
            secret,
            token: options.token.clone().unwrap_or_else(|| letters(24)),
            encoding_aes_key: match options.test_account {
                true => None,
                false => options.encoding_aes_key.clone().or_else(random_key),
            },
            key: new_server_key(),
            sms_url: options.sms_url.clone(),
            listen: options.listen.to_string(),
            admin_listen: options.admin_listen.to_string(),
            database: options.database.clone(),
            wechat: options.wechat.clone(),
        })
    }
}

#[expect(clippy::print_stdout, reason = "a question stands on the line of its answer")]
fn question(text: &str) -> Result<String, CommandError> {
    let failed = |error: io::Error| CommandError::Failed(error.to_string());
    print!("{text}");
    io::stdout().flush().map_err(failed)?;
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(failed)?;
    let answer = line.trim().to_owned();
    if answer.is_empty() { Err(CommandError::Misused(format!("{text} ?"))) } else { Ok(answer) }
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
