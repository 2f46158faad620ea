//! `saoma serve`

use std::time::Duration;

use saoma_api::{Adapters, Saoma, Server, config::Config, told_to_reload, told_to_stop};

use tokio::time::Instant;

use super::{command_error::CommandError, config_file::ConfigFile, traces::Traces};

/// Serves until the process is told to stop.
pub(super) async fn serve(file: ConfigFile) -> Result<(), CommandError> {
    let config = file.load()?;
    let traces = Traces::from_env()?;
    let _log = traces.start_log(&config.log);
    let grace = config.server.shutdown_grace;
    let server = start(config).await.map_err(|error| error.in_file(file.path()))?;
    let saoma = server.saoma().clone();
    tokio::spawn(told_to_reload(move || reload(&file, &saoma)));
    let (tell, told) = tokio::sync::oneshot::channel();
    let stop = async {
        told_to_stop().await;
        let _ = tell.send(Instant::now());
    };
    let served = server.run(stop).await;
    let stopping = told.await.map_or(Duration::ZERO, |since| since.elapsed());
    traces.end(grace.saturating_sub(stopping)).await;
    served.map_err(|error| CommandError::Failed(error.to_string()))
}

/// Reads the configuration anew and takes the replies to people from it. A wrong one changes nothing.
fn reload(file: &ConfigFile, saoma: &Saoma) {
    match file.load() {
        Ok(config) => {
            saoma.reload_replies(&config);
            tracing::info!("SIGHUP: wechat.apps.replies_to were read anew; any other key needs a restart");
        }
        Err(error) => tracing::error!("SIGHUP: nothing was taken: {error}"),
    }
}

/// Connects and binds everything, so that what is wrong is said before the first call is served.
pub(super) async fn start(config: Config) -> Result<Server, CommandError> {
    let adapters = Adapters::connect(&config).await?;
    if config.wechat.apps.is_empty() {
        tracing::warn!("wechat.apps: no app is configured, so no login is possible");
    }
    let page = config.server.public_url.join("/login").map_or_else(|_| String::new(), String::from);
    let saoma = saoma_api::build(config, adapters);
    let server = Server::bind(saoma)?;
    let (public, admin) = server.addresses().map_err(|error| CommandError::Failed(error.to_string()))?;
    tracing::info!(
        server.listen = %public,
        server.admin_listen = %admin,
        "listening on {public}; the login page is at {page}"
    );
    Ok(server)
}
