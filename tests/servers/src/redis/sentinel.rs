//! A primary with two replicas, watched by three Sentinels.

use tempfile::TempDir;

use super::{RedisServer, program, resp};
use crate::{Process, ServerError, ports};

const REPLICAS: usize = 2;
const SENTINELS: usize = 3;
const NAME: &str = "saoma";

/// One primary, two replicas and three Sentinels, which need half a second to see that the primary is gone.
#[derive(Debug)]
pub struct RedisSentinel {
    servers: Vec<RedisServer>,
    sentinels: Vec<(u16, Process)>,
    password: Option<String>,
    _dir: TempDir,
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
        Self::start_all(Some(password.to_owned()))
    }

    fn start_all(password: Option<String>) -> Result<Self, ServerError> {
        let primary = RedisServer::start(&[])?;
        let port = primary.port();
        let mut servers = vec![primary];
        for _ in 0..REPLICAS {
            servers.push(RedisServer::start(&["--replicaof", "127.0.0.1", &port.to_string()])?);
        }
        for replica in servers.iter_mut().skip(1) {
            let of = replica.port();
            replica.wait_until("a replica follows", || {
                resp::says(of, &["INFO", "replication"], &["master_link_status:up"])
            })?;
        }
        let dir = TempDir::with_prefix("saoma-sentinel-").map_err(ServerError::io("making a directory"))?;
        let mut sentinels = Vec::new();
        for number in 0..SENTINELS {
            sentinels.push(start_sentinel(number, port, password.as_deref(), &dir)?);
        }
        for (port, process) in &mut sentinels {
            let known =
                [format!("num-slaves\n{REPLICAS}"), format!("num-other-sentinels\n{}", SENTINELS - 1)];
            process.wait_until("a Sentinel knows everybody", || {
                let answer = resp::ask_with(*port, password.as_deref(), &["SENTINEL", "MASTER", NAME]);
                resp::has_lines(answer, &[&known[0], &known[1]])
            })?;
        }
        Ok(Self { servers, sentinels, password, _dir: dir })
    }

    /// Returns the URL that names the Sentinels and the primary that they watch, without a password.
    pub fn url(&self) -> String {
        let hosts: Vec<_> = self.sentinels.iter().map(|(port, _)| format!("127.0.0.1:{port}")).collect();
        format!("redis+sentinel://{}/{NAME}", hosts.join(","))
    }

    /// Lets the Sentinels wait 20 s before they take the primary for gone, as is fit for those who do not look at
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
        for (port, _) in &self.sentinels {
            let answer = resp::ask_with(*port, self.password.as_deref(), command);
            answer.map_err(ServerError::io(format!("telling {}", command.join(" "))))?;
        }
        Ok(())
    }

    /// Returns which of the servers is the primary, as the first Sentinel that answers says.
    ///
    /// # Errors
    /// [`ServerError`] when none of them names one of the servers.
    pub fn primary(&self) -> Result<usize, ServerError> {
        let mut last = String::new();
        for (port, _) in &self.sentinels {
            match resp::ask_with(
                *port,
                self.password.as_deref(),
                &["SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME],
            ) {
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

fn start_sentinel(
    number: usize,
    primary: u16,
    password: Option<&str>,
    dir: &TempDir,
) -> Result<(u16, Process), ServerError> {
    let reserved = ports::free()?;
    let port = reserved.port;
    let config = dir.path().join(format!("sentinel-{number}.conf"));
    let mut text = format!(
        "port {port}\nbind 127.0.0.1\nsentinel monitor {NAME} 127.0.0.1 {primary} 2\n\
         sentinel down-after-milliseconds {NAME} 500\nsentinel failover-timeout {NAME} 3000\n"
    );
    if let Some(password) = password {
        // The second one is what they tell each other.
        text += &format!("requirepass {password}\nsentinel sentinel-pass {password}\n");
    }
    std::fs::write(&config, text).map_err(ServerError::io("writing a configuration"))?;
    drop(reserved);
    let program = program(&format!("sentinel-{number}"), dir.path())?;
    Ok((port, program.args([config.as_os_str(), "--sentinel".as_ref()]).start()?))
}
