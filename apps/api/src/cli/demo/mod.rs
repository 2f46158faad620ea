//! `saoma demo`: the service and a simulated WeChat in one process, with nothing else to set up.

mod options;
mod server_key;
mod settings;

use saoma_api::{
    config::{Config, LogConfig},
    told_to_stop,
};
use saoma_sandbox::{OfficialAccount, Sandbox, SandboxConfig, SandboxError};
use url::Url;

use super::{command_error::CommandError, logging, output::say, serve::start};
pub(super) use options::Options;
use server_key::server_key;
use settings::settings;

/// Runs the service and the simulated WeChat until the process is told to stop.
pub(super) async fn run(options: Options) -> Result<(), CommandError> {
    let _log = logging::start(&LogConfig::default());
    let key = server_key(&options.data)
        .map_err(|error| CommandError::Misused(format!("--data {}: {error}", options.data.display())))?;
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
    let described = if cfg!(feature = "docs") { "/docs" } else { "/openapi.json" };
    say(&format!("  The HTTP API:     http://{}{described}\n", options.listen));
    say("Open the first two side by side and scan with one click; a real phone cannot scan these codes.");
    say(&format!(
        "Accounts are kept in {}; delete it to start anew. Ctrl-C ends it.\n",
        options.data.display()
    ));
    let served = server.run(told_to_stop()).await.map_err(|error| CommandError::Failed(error.to_string()));
    sandbox.stop().await;
    served
}

/// Names the option instead of the key that it sets.
fn by_option(error: CommandError) -> CommandError {
    match error {
        CommandError::Listen(error) => {
            let option = if error.key == "server.listen" { "--listen" } else { "--admin-listen" };
            CommandError::Misused(format!("{option}: cannot listen on {}: {}", error.address, error.error))
        }
        other @ (CommandError::Misused(_) | CommandError::Failed(_)) => other,
    }
}

impl From<SandboxError> for CommandError {
    fn from(error: SandboxError) -> Self {
        if let SandboxError::Bind { .. } = error {
            return Self::Misused(format!("--sandbox-listen: {error}"));
        }
        Self::Failed(error.to_string())
    }
}
