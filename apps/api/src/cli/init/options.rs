//! The arguments of `saoma init`.

use std::{net::SocketAddr, path::PathBuf};

use url::Url;

use crate::cli::language::LanguageOption;

#[derive(clap::Args)]
pub(in crate::cli) struct Options {
    /// The file to make; it must not exist
    #[arg(long, default_value = "saoma.toml")]
    pub(super) config: PathBuf,
    /// Set up a test account of WeChat's (测试号)
    #[arg(long)]
    pub(super) test_account: bool,
    /// How WeChat and browsers reach the service, such as `https://login.example.com`
    #[arg(long)]
    pub(super) public_url: Option<String>,
    /// The app id (`AppID`) of the console
    #[arg(long)]
    pub(super) app_id: Option<String>,
    /// The app secret (`AppSecret`) of the console
    #[arg(long)]
    pub(super) secret: Option<String>,
    /// A file with the app secret
    #[arg(long, conflicts_with = "secret")]
    pub(super) secret_file: Option<PathBuf>,
    /// The Token to enter in the console; a random one when left out
    #[arg(long)]
    pub(super) token: Option<String>,
    /// The key of messages (`EncodingAESKey`) to enter in the console; a random one when left out
    #[arg(long, conflicts_with = "test_account")]
    pub(super) encoding_aes_key: Option<String>,
    /// Where SMS codes are handed over (`sms.provider = "webhook"`); codes go to the log when left out
    #[arg(long)]
    pub(super) sms_url: Option<Url>,
    /// Where the service listens
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,
    /// Where the operator's endpoints listen
    #[arg(long, default_value = "127.0.0.1:9090")]
    pub(super) admin_listen: SocketAddr,
    /// The database
    #[arg(long, default_value = "sqlite://saoma.db")]
    pub(super) database: String,
    /// Another WeChat than the real one, such as a simulated one
    #[arg(long)]
    pub(super) wechat: Option<Url>,
    /// Only make the files
    #[arg(long)]
    pub(super) no_run: bool,
    #[command(flatten)]
    pub(super) language: LanguageOption,
}
