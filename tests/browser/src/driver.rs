//! A chromedriver process of one's own.

use std::process::Stdio;

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use crate::{PATIENCE, programs};

/// How often it may find its port taken.
const TRIES: usize = 5;

/// A running chromedriver; the browser that it drives goes on without it.
pub(crate) struct Driver {
    _child: Child,
    /// Where it listens.
    pub(crate) url: String,
}

impl Driver {
    /// Starts chromedriver on a free port.
    pub(crate) async fn start() -> Self {
        // The client that speaks with it asks for a provider, though it never speaks TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        for _ in 0..TRIES {
            if let Some(driver) = Self::try_start().await {
                return driver;
            }
        }
        panic!("chromedriver ends as soon as it starts; is it installed (package chromium-driver)?");
    }

    /// Returns nothing when it ended at once: the free port that it chose has to be free on IPv4 and on IPv6.
    async fn try_start() -> Option<Self> {
        // The system ends it with the thread that started it, so that not even a killed run leaves it behind.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", "chromedriver", "--port=0"]);
        programs::find_libraries(command.as_std_mut());
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("setpriv is installed (package util-linux)");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = loop {
            let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.expect("it says something");
            if let Some((_, port)) = line.unwrap()?.split_once("successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        // What it says later goes nowhere, but must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Some(Self { _child: child, url: format!("http://127.0.0.1:{port}") })
    }
}
