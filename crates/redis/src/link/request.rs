//! What is asked of Redis.

use redis::{Cmd, ToRedisArgs};

/// A script that runs in Redis.
pub(crate) struct Script {
    code: &'static str,
    hash: String,
}

impl Script {
    pub(crate) fn new(code: &'static str) -> Self {
        Self { code, hash: redis::Script::new(code).get_hash().to_owned() }
    }

    /// Prepares a call of the script with the keys that it touches, which have to share a slot in a Cluster.
    pub(crate) fn call(&self, keys: &[&str]) -> Request {
        Request::Script {
            known: begin("EVALSHA", &self.hash, keys),
            // Redis may have been emptied or told to forget its scripts.
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
    Script { known: Cmd, whole: Cmd },
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
            Self::Script { known, whole } => {
                known.arg(&argument);
                whole.arg(argument);
            }
        }
        self
    }
}
