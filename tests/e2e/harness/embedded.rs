//! The service inside another application, which is the one of the examples.

use std::{net::TcpListener, sync::Arc};

use saoma_api::{Adapters, build, config::Config, domain::ports::Clock};
use tokio::task::JoinHandle;

#[expect(dead_code, reason = "a test runs what the example serves, and is a program itself")]
#[path = "../../../apps/api/examples/embed.rs"]
mod embed;

/// A running application with the service in it; it ends when it is dropped.
pub(crate) struct Embedded {
    /// Where it is.
    pub(crate) url: String,
    server: JoinHandle<std::io::Result<()>>,
}

impl Embedded {
    pub(super) async fn start(environment: &[(String, String)], clock: Arc<dyn Clock>) -> Self {
        let config = Config::load(None, environment.to_vec()).unwrap();
        let mut adapters = Adapters::connect(&config).await.unwrap();
        adapters.ports.clock = clock;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(embed::serve(build(config, adapters), listener).unwrap());
        Self { url, server }
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.server.abort();
    }
}
