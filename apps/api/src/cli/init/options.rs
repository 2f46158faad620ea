//! The arguments of `saoma init`.

use std::{net::SocketAddr, path::PathBuf};

use url::Url;

use crate::cli::{command_error::CommandError, language::LanguageOption};

#[derive(clap::Args)]
pub(in crate::cli) struct Options {
    /// The file to make; it must not exist
    #[arg(long, default_value = "saoma.toml")]
    pub(super) config: PathBuf,
    /// Set up a test account of WeChat's (测试号)
    #[arg(long)]
    pub(super) test_account: bool,
    /// The original id (`gh_…`) of an account that can make no QR codes (订阅号, or not certified): people send it a code instead
    #[arg(long, conflicts_with = "test_account")]
    pub(super) original_id: Option<String>,
    /// How WeChat and browsers reach the service, such as `https://login.example.com`
    #[arg(long)]
    pub(super) public_url: Option<String>,
    /// The app id (`AppID`) of the console
    #[arg(long)]
    pub(super) app_id: Option<String>,
    /// The app secret (`AppSecret`) of the console
    #[arg(long)]
    secret: Option<String>,
    /// A file with the app secret
    #[arg(long, conflicts_with = "secret")]
    secret_file: Option<PathBuf>,
    /// The Token to enter in the console; a random one when left out
    #[arg(long)]
    pub(super) token: Option<String>,
    /// The key of messages (`EncodingAESKey`) to enter in the console; a random one when left out
    #[arg(long, conflicts_with = "test_account")]
    pub(super) encoding_aes_key: Option<String>,
    /// Where SMS codes are handed over (`sms.provider = "webhook"`); when left out, a test account shows them in the log, and
    /// another asks for no phone number
    #[arg(long)]
    pub(super) sms_url: Option<Url>,
    /// Where the service listens; `SAOMA__SERVER__LISTEN`, which has the last word, or 127.0.0.1:8080 when left out
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Where the operator's endpoints listen; `SAOMA__SERVER__ADMIN_LISTEN`, or 127.0.0.1:9090 when left out
    #[arg(long)]
    admin_listen: Option<SocketAddr>,
    /// The database; `sqlite://saoma.db` when left out, or `sqlite:///var/lib/saoma/saoma.db` for a file below `/etc`
    #[arg(long)]
    database: Option<String>,
    /// Another WeChat than the real one, such as a simulated one
    #[arg(long)]
    pub(super) wechat: Option<Url>,
    /// Only make the files
    #[arg(long)]
    pub(super) no_run: bool,
    #[command(flatten)]
    pub(super) language: LanguageOption,
}

impl Options {
    /// Returns the secret, from where it stands.
    pub(super) fn read_secret(&self) -> Result<Option<String>, CommandError> {
        let Some(file) = &self.secret_file else { return Ok(self.secret.clone()) };
        let unread = |error| CommandError::Misused(format!("--secret-file {}: {error}", file.display()));
        std::fs::read_to_string(file).map(Some).map_err(unread)
    }

    /// Returns where the service listens: in a container the environment says it.
    pub(super) fn listen(&self) -> SocketAddr {
        address(self.listen, "SAOMA__SERVER__LISTEN", 8080)
    }

    /// Returns where the operator's endpoints listen.
    pub(super) fn admin_listen(&self) -> SocketAddr {
        address(self.admin_listen, "SAOMA__SERVER__ADMIN_LISTEN", 9090)
    }

    /// Returns the database: of a file below `/etc`, where no data belongs, that of the Debian package.
    pub(super) fn database(&self) -> String {
        let is_of_the_system = self.config.starts_with("/etc");
        let usual = if is_of_the_system { "sqlite:///var/lib/saoma/saoma.db" } else { "sqlite://saoma.db" };
        self.database.clone().unwrap_or_else(|| usual.to_owned())
    }
}

fn address(given: Option<SocketAddr>, variable: &str, port: u16) -> SocketAddr {
    let of_environment = || std::env::var(variable).ok()?.parse().ok();
    given.or_else(of_environment).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], port)))
}
