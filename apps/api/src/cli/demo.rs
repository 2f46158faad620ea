//! `saoma demo`: the service and a simulated WeChat in one process, with nothing else to set up.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use saoma_api::{OsRandom, config::Config};
use saoma_domain::ports::random_bytes;
use saoma_sandbox::{MiniProgram, OfficialAccount, Sandbox, SandboxConfig, SandboxError, WebsiteApp};
use secrecy::ExposeSecret;
use url::Url;

use super::{Failure, logging, say, signals::told_to_stop, start};

#[derive(clap::Args)]
pub(super) struct Options {
    /// Where the API listens
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the operator's endpoints listen
    #[arg(long, default_value = "127.0.0.1:9090")]
    admin_listen: SocketAddr,
    /// Where the simulated WeChat listens
    #[arg(long, default_value = "127.0.0.1:8081")]
    sandbox_listen: SocketAddr,
    /// Where the database and the server key are kept from one start to the next
    #[arg(long, default_value = "saoma-demo")]
    data: PathBuf,
}

pub(super) async fn run(options: Options) -> Result<(), Failure> {
    logging::start();
    let key = server_key(&options.data)
        .map_err(|error| Failure::Misused(format!("--data {}: {error}", options.data.display())))?;
    let mut account = OfficialAccount::demo();
    account.callback_url = Url::parse(&format!("http://{}/wechat/main/callback", options.listen)).ok();
    let (listen, accounts) = (options.sandbox_listen, vec![account.clone()]);
    let sandbox = Sandbox::start(SandboxConfig { listen, accounts, ..SandboxConfig::demo() });
    let sandbox = sandbox.await?;
    let mut config = Config::load(None, settings(&options, &key, &account, &sandbox))?;
    config.page_at_root = true;
    let server = start(config).await.map_err(by_option)?;
    say(&format!("\n  Log in:           http://{}/", options.listen));
    say(&format!("  Scan, simulated:  {}/", sandbox.base_url()));
    say(&format!("  The HTTP API:     http://{}/docs/\n", options.listen));
    say("Open the first two side by side and scan with one click; a real phone cannot scan these codes.");
    say(&format!(
        "Accounts are kept in {}; delete it to start anew. Ctrl-C ends it.\n",
        options.data.display()
    ));
    let served = server.run(told_to_stop()).await.map_err(|error| Failure::Failed(error.to_string()));
    sandbox.stop().await;
    served
}

/// Names the option instead of the key that it sets.
fn by_option(failure: Failure) -> Failure {
    match failure {
        Failure::Listen(error) => {
            let option = if error.key == "server.listen" { "--listen" } else { "--admin-listen" };
            Failure::Misused(format!("{option}: cannot listen on {}: {}", error.address, error.error))
        }
        other @ (Failure::Misused(_) | Failure::Failed(_)) => other,
    }
}

impl From<SandboxError> for Failure {
    fn from(error: SandboxError) -> Self {
        if let SandboxError::Bind { .. } = error {
            return Self::Misused(format!("--sandbox-listen: {error}"));
        }
        Self::Failed(error.to_string())
    }
}

/// Returns the configuration of the demo in the same form in which an environment gives it.
fn settings(
    options: &Options,
    key: &str,
    account: &OfficialAccount,
    sandbox: &Sandbox,
) -> Vec<(String, String)> {
    let (wechat, port) = (sandbox.base_url(), options.listen.port());
    [
        ("SERVER__LISTEN", options.listen.to_string()),
        ("SERVER__ADMIN_LISTEN", options.admin_listen.to_string()),
        ("SERVER__PUBLIC_URL", format!("http://{}", options.listen)),
        ("SERVER__ALLOWED_ORIGINS", format!("http://localhost:{port}")),
        ("SERVER__KEY", key.to_owned()),
        ("SERVER__SHUTDOWN_GRACE_S", "3".to_owned()),
        ("DATABASE__URL", format!("sqlite://{}", options.data.join("saoma.db").display())),
        ("WECHAT__API_BASE", wechat.clone()),
        ("WECHAT__OPEN_BASE", wechat.clone()),
        ("WECHAT__MP_BASE", wechat),
        ("SMS__PROVIDER", "webhook".to_owned()),
        ("SMS__URL", sandbox.sms_webhook_url()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into_iter()
    .chain(apps(account))
    .map(|(name, value)| (format!("SAOMA__{name}"), value))
    .collect()
}

/// Returns the demo's app of each kind.
fn apps(account: &OfficialAccount) -> impl Iterator<Item = (String, String)> + use<> {
    let (site, mini) = (WebsiteApp::demo(), MiniProgram::demo());
    let apps = [
        ("official_account", account.name.clone(), account.app_id.clone(), account.secret.clone()),
        ("website", site.name, site.app_id, site.secret),
        ("mini_program", mini.name, mini.app_id, mini.secret),
    ];
    let callback = [
        ("TOKEN", account.token.expose_secret().to_owned()),
        ("ENCODING_AES_KEY", account.encoding_aes_key.expose_secret().to_owned()),
        ("OAUTH_SCOPE", "snsapi_userinfo".to_owned()),
        ("LANGUAGE", language()),
    ];
    let apps = apps.into_iter().enumerate().flat_map(|(at, (kind, name, app_id, secret))| {
        [
            ("NAME", name),
            ("KIND", kind.to_owned()),
            ("APP_ID", app_id),
            ("SECRET", secret.expose_secret().to_owned()),
        ]
        .map(|(key, value)| (format!("WECHAT__APPS__{at}__{key}"), value))
    });
    apps.chain(callback.map(|(key, value)| (format!("WECHAT__APPS__0__{key}"), value)))
}

/// Returns the language of the terminal, as far as the phone can be spoken to in it.
fn language() -> String {
    let english = std::env::var("LANG").is_ok_and(|lang| lang.starts_with("en"));
    if english { "en" } else { "zh" }.to_owned()
}

/// Returns the server key of an earlier start, or makes one and keeps it for the next.
fn server_key(data: &Path) -> io::Result<String> {
    fs::create_dir_all(data)?;
    let path = data.join("server.key");
    match fs::read_to_string(&path) {
        Ok(key) => Ok(key.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let bytes: [u8; 32] = random_bytes(&OsRandom::default());
            let key: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            write_private(&path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error),
    }
}

/// Writes a file that only its owner can read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")
}
