//! What is asked of Redis.

use redis::{Cmd, ToRedisArgs};

/// A script that runs in Redis as one atomic step.
pub(crate) struct Script {
    code: &'static str,
    hash: String,
}

impl Script {
    pub(crate) fn new(code: &'static str) -> Self {
        Self { code, hash: redis::Script::new(code).get_hash().to_owned() }
    }

    /// Prepares a call of the script with the keys that it uses, which have to share a slot in a Cluster.
    pub(crate) fn call(&self, keys: &[&str]) -> Request {
        Request::Script {
            by_hash: begin("EVALSHA", &self.hash, keys),
            // For a Redis that was emptied or told to forget its scripts.
            whole: begin("EVAL", self.code, keys),
        }
    }
}

fn begin(command: &str, script: &str, keys: &[&str]) -> Cmd {
    let mut cmd = redis::cmd(command);
    cmd.arg(script).arg(keys.len()).arg(keys);
    cmd
}

/// One command, or one call of a script.
pub(crate) enum Request {
    Command(Cmd),
    Script { by_hash: Cmd, whole: Cmd },
}

impl Request {
    pub(crate) fn command(name: &str) -> Self {
        Self::Command(redis::cmd(name))
    }

    pub(crate) fn arg(mut self, argument: impl ToRedisArgs) -> Self {
        match &mut self {
            Self::Command(cmd) => {
                cmd.arg(argument);
            }
            Self::Script { by_hash, whole } => {
                by_hash.arg(&argument);
                whole.arg(argument);
            }
        }
        self
    }
}
