//! A primary with two replicas, watched by three Sentinels.

use std::path::Path;

use super::{
    resp,
    single::{RedisServer, program},
};
use crate::{
    ServerError, ports,
    program::Program,
    server::{Engine, Server},
};

const REPLICAS: usize = 2;
const SENTINELS: usize = 3;
const NAME: &str = "saoma";

/// A replica that was cut off in the middle of beginning to follow begins again after 5 s instead of 60.
const SOON_AGAIN: [&str; 4] = ["--repl-timeout", "5", "--repl-ping-replica-period", "1"];

/// One primary, two replicas and three Sentinels, which need half a second to see that the primary is gone.
#[derive(Debug)]
pub struct RedisSentinel {
    servers: Vec<RedisServer>,
    sentinels: Vec<Server<Sentinel>>,
}

/// A Sentinel, and what it watches.
#[derive(Debug)]
struct Sentinel {
    primary: u16,
    password: Option<String>,
}

impl RedisSentinel {
    /// Starts them, and returns them once every Sentinel knows both replicas and the other Sentinels.
    ///
    /// # Errors
    /// [`ServerError`] when they do not come up.
    pub fn start() -> Result<Self, ServerError> {
        Self::start_all(None)
    }

    /// Starts them as [`RedisSentinel::start`] does, with Sentinels that want a password.
    ///
    /// # Errors
    /// [`ServerError`] when they do not come up.
    pub fn start_with_password(password: &str) -> Result<Self, ServerError> {
        Self::start_all(Some(password))
    }

    fn start_all(password: Option<&str>) -> Result<Self, ServerError> {
        let first = RedisServer::start(&SOON_AGAIN)?;
        let primary = first.port();
        let mut servers = vec![first];
        for _ in 0..REPLICAS {
            let follows = ["--replicaof", "127.0.0.1", &primary.to_string()];
            servers.push(RedisServer::start(&[&follows[..], &SOON_AGAIN].concat())?);
        }
        for replica in servers.iter_mut().skip(1) {
            let port = replica.port();
            replica.wait_until("a replica follows", || {
                resp::says(port, &["INFO", "replication"], &["master_link_status:up"])
            })?;
        }
        let mut sentinels = Vec::new();
        for _ in 0..SENTINELS {
            sentinels.push(Server::watching(primary, password)?);
        }
        let others = SENTINELS - 1;
        let known = [format!("num-slaves\n{REPLICAS}"), format!("num-other-sentinels\n{others}")];
        for sentinel in &mut sentinels {
            let port = sentinel.port();
            sentinel.wait_until("a Sentinel knows the others", || {
                let answer = resp::ask_with(port, password, &["SENTINEL", "MASTER", NAME]);
                resp::has_lines(answer, &[&known[0], &known[1]])
            })?;
        }
        Ok(Self { servers, sentinels })
    }

    /// Returns the URL that names the Sentinels and the primary that they watch, without a password.
    pub fn url(&self) -> String {
        let hosts = self.sentinels.iter().map(|sentinel| format!("127.0.0.1:{}", sentinel.port()));
        format!("redis+sentinel://{}/{NAME}", hosts.collect::<Vec<_>>().join(","))
    }

    /// Lets the Sentinels wait 20 s before they take the primary for gone, as is fit for tests that do not look at
    /// failovers: on a busy machine it is silent now and then.
    ///
    /// # Errors
    /// [`ServerError::Io`] when one of them gives no answer, or says no.
    pub fn be_patient(&self) -> Result<(), ServerError> {
        self.tell_sentinels(&["SENTINEL", "SET", NAME, "down-after-milliseconds", "20000"])
    }

    /// Sends one command to every Sentinel.
    ///
    /// # Errors
    /// [`ServerError::Io`] when one of them gives no answer, or says no.
    pub fn tell_sentinels(&self, command: &[&str]) -> Result<(), ServerError> {
        for sentinel in &self.sentinels {
            let told = sentinel.ask(command);
            told.map_err(ServerError::io(format!("telling {}", command.join(" "))))?;
        }
        Ok(())
    }

    /// Returns which of the servers is the primary, as the first Sentinel that answers says.
    ///
    /// # Errors
    /// [`ServerError`] when none of them names one of the servers.
    pub fn primary(&self) -> Result<usize, ServerError> {
        let mut last = String::new();
        for sentinel in &self.sentinels {
            match sentinel.ask(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME]) {
                Ok(answer) => {
                    let is_named = |server: &RedisServer| answer.contains(&format!("\n{}\n", server.port()));
                    match self.servers.iter().position(is_named) {
                        Some(found) => return Ok(found),
                        None => last = answer,
                    }
                }
                Err(error) => last = error.to_string(),
            }
        }
        Err(ServerError::TooLate { until: "a Sentinel names the primary".to_owned(), last })
    }

    /// Returns the servers, the one that was the primary at first in front.
    pub fn servers(&mut self) -> &mut [RedisServer] {
        &mut self.servers
    }
}

impl Server<Sentinel> {
    fn watching(primary: u16, password: Option<&str>) -> Result<Self, ServerError> {
        let reserved = ports::free()?;
        let password = password.map(str::to_owned);
        let mut sentinel = Self::new(Sentinel { primary, password }, &reserved)?;
        drop(reserved);
        sentinel.restart()?;
        Ok(sentinel)
    }

    fn ask(&self, command: &[&str]) -> std::io::Result<String> {
        resp::ask_with(self.port(), self.engine.password.as_deref(), command)
    }
}

impl Engine for Sentinel {
    const READY: &'static str = "+monitor master";

    fn program(&self, port: u16, directory: &Path) -> Result<Program, ServerError> {
        let primary = self.primary;
        let mut settings = format!(
            "port {port}\nbind 127.0.0.1\nsentinel monitor {NAME} 127.0.0.1 {primary} 2\n\
             sentinel down-after-milliseconds {NAME} 500\nsentinel failover-timeout {NAME} 3000\n"
        );
        if let Some(password) = &self.password {
            // The second one is what they tell each other.
            settings += &format!("requirepass {password}\nsentinel sentinel-pass {password}\n");
        }
        let file = directory.join("sentinel.conf");
        std::fs::write(&file, settings).map_err(ServerError::io("writing a configuration"))?;
        Ok(program("sentinel", directory)?.args([file.as_os_str(), "--sentinel".as_ref()]))
    }
}
