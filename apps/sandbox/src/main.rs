//! `saoma-sandbox`: the simulated WeChat as a program.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use saoma_sandbox::{
    CallbackFormat, CallbackMode, Clock, DEMO_PEOPLE, MiniProgram, MobileApp, OfficialAccount, Sandbox,
    SandboxConfig, SandboxError, WebsiteApp,
};
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use url::Url;

/// WeChat simulated over HTTP: its API, people with phones, and an SMS inbox. Without arguments it is the
/// WeChat of the demonstration.
#[derive(Parser)]
#[command(name = "saoma-sandbox", version)]
struct Arguments {
    /// The address to listen on; keep it on loopback
    #[arg(long, default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Name of the official account
    #[arg(long, default_value = "main")]
    name: String,
    /// App id of the official account [default: an invented one]
    #[arg(long)]
    app_id: Option<String>,
    /// App secret [default: an invented one]
    #[arg(long)]
    secret: Option<SecretString>,
    /// The account's own id in messages (gh_…) [default: an invented one]
    #[arg(long)]
    original_id: Option<String>,
    /// Token of the callback: 3 to 32 letters and digits [default: an invented one]
    #[arg(long)]
    token: Option<SecretString>,
    /// Key of the callback: 43 letters and digits [default: an invented one]
    #[arg(long)]
    encoding_aes_key: Option<SecretString>,
    /// How callbacks are protected: plain, compat or secure
    #[arg(long, default_value = "secure", value_parser = callback_mode)]
    mode: CallbackMode,
    /// The data format of callbacks: xml or json
    #[arg(long, default_value = "xml", value_parser = callback_format)]
    format: CallbackFormat,
    /// Name of the website application
    #[arg(long, default_value = "site")]
    website_name: String,
    /// App id of the website application [default: an invented one]
    #[arg(long)]
    website_app_id: Option<String>,
    /// App secret of the website application [default: an invented one]
    #[arg(long)]
    website_secret: Option<SecretString>,
    /// Name of the mini program
    #[arg(long, default_value = "mini")]
    mini_program_name: String,
    /// App id of the mini program [default: an invented one]
    #[arg(long)]
    mini_program_app_id: Option<String>,
    /// App secret of the mini program [default: an invented one]
    #[arg(long)]
    mini_program_secret: Option<SecretString>,
    /// Name of the mobile application
    #[arg(long, default_value = "mobile")]
    mobile_app_name: String,
    /// App id of the mobile application [default: an invented one]
    #[arg(long)]
    mobile_app_app_id: Option<String>,
    /// App secret of the mobile application [default: an invented one]
    #[arg(long)]
    mobile_app_secret: Option<SecretString>,
    /// The URL that events are sent to
    #[arg(long, default_value = "http://127.0.0.1:8080/wechat/main/callback")]
    callback_url: Url,
    /// Checks the signature on the SMS webhook; without it every message is taken
    #[arg(long)]
    sms_secret: Option<SecretString>,
    /// Lifetime of an access token, in seconds
    #[arg(long, default_value_t = 7200, value_parser = clap::value_parser!(u64).range(1..=7200))]
    token_lifetime: u64,
    /// Seconds by which WeChat's clock is ahead
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    clock_offset: i64,
    /// A person who is there from the start; can be given several times
    #[arg(long = "person", default_values = DEMO_PEOPLE)]
    people: Vec<String>,
}

fn callback_mode(name: &str) -> Result<CallbackMode, &'static str> {
    match name {
        "plain" => Ok(CallbackMode::Plain),
        "compat" => Ok(CallbackMode::Compat),
        "secure" => Ok(CallbackMode::Secure),
        _other => Err("must be plain, compat or secure"),
    }
}

fn callback_format(name: &str) -> Result<CallbackFormat, &'static str> {
    match name {
        "xml" => Ok(CallbackFormat::Xml),
        "json" => Ok(CallbackFormat::Json),
        _other => Err("must be xml or json"),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let sandbox = match Sandbox::start(config(Arguments::parse())).await {
        Ok(sandbox) => sandbox,
        Err(error) => return refuse(&error),
    };
    greet(&sandbox);
    stop_signal().await;
    sandbox.stop().await;
    ExitCode::SUCCESS
}

fn config(arguments: Arguments) -> SandboxConfig {
    let demo = OfficialAccount::demo();
    let account = OfficialAccount {
        name: arguments.name,
        app_id: arguments.app_id.unwrap_or(demo.app_id),
        secret: arguments.secret.unwrap_or(demo.secret),
        original_id: arguments.original_id.unwrap_or(demo.original_id),
        token: arguments.token.unwrap_or(demo.token),
        encoding_aes_key: arguments.encoding_aes_key.unwrap_or(demo.encoding_aes_key),
        mode: arguments.mode,
        format: arguments.format,
        callback_url: Some(arguments.callback_url),
        ..demo
    };
    let (website, mini_program) = (WebsiteApp::demo(), MiniProgram::demo());
    let website = WebsiteApp {
        name: arguments.website_name,
        app_id: arguments.website_app_id.unwrap_or(website.app_id),
        secret: arguments.website_secret.unwrap_or(website.secret),
        ..website
    };
    let mini_program = MiniProgram {
        name: arguments.mini_program_name,
        app_id: arguments.mini_program_app_id.unwrap_or(mini_program.app_id),
        secret: arguments.mini_program_secret.unwrap_or(mini_program.secret),
        ..mini_program
    };
    let mobile_app = MobileApp::demo();
    let mobile_app = MobileApp {
        name: arguments.mobile_app_name,
        app_id: arguments.mobile_app_app_id.unwrap_or(mobile_app.app_id),
        secret: arguments.mobile_app_secret.unwrap_or(mobile_app.secret),
        ..mobile_app
    };
    SandboxConfig {
        listen: arguments.listen,
        websites: vec![website],
        mini_programs: vec![mini_program],
        mobile_apps: vec![mobile_app],
        people: arguments.people,
        token_lifetime: Duration::from_secs(arguments.token_lifetime),
        sms_secret: arguments.sms_secret,
        clock: Clock::system(arguments.clock_offset),
        ..SandboxConfig::with_account(account)
    }
}

#[expect(clippy::print_stdout, reason = "the address is what a program prints")]
fn greet(sandbox: &Sandbox) {
    println!("Simulated WeChat with its phone page: {}", sandbox.base_url());
    println!("SMS webhook: {}", sandbox.sms_webhook_url());
}

/// Names the argument that the start failed on.
#[expect(clippy::print_stderr, reason = "the reason is what a program prints")]
fn refuse(error: &SandboxError) -> ExitCode {
    let (argument, problem) = if let SandboxError::Config { key, problem } = error {
        (key.replace('_', "-"), problem.clone())
    } else if let SandboxError::InvalidPerson(problem) = error {
        ("person".to_owned(), problem.clone())
    } else if matches!(error, SandboxError::Bind { .. }) {
        ("listen".to_owned(), error.to_string())
    } else {
        eprintln!("saoma-sandbox: {error}");
        return ExitCode::FAILURE;
    };
    eprintln!("saoma-sandbox: --{argument}: {problem}");
    ExitCode::from(2)
}

/// Waits for Ctrl-C or SIGTERM; where SIGTERM cannot be caught, Ctrl-C still works.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate()).ok();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        Some(_) = async { terminate.as_mut()?.recv().await } => {}
    }
}
