//! What is asked of Redis.

use redis::{Arg, Cmd, ToRedisArgs};
use tracing::{Span, field::Empty};

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
        let mut by_hash = redis::cmd("EVALSHA");
        by_hash.arg(&self.hash).arg(keys.len()).arg(keys);
        Request { cmd: by_hash, script: Some(self.code) }
    }
}

/// One command, or one call of a script by its hash.
pub(crate) struct Request {
    pub(super) cmd: Cmd,
    script: Option<&'static str>,
}

impl Request {
    pub(crate) fn command(name: &str) -> Self {
        Self { cmd: redis::cmd(name), script: None }
    }

    pub(crate) fn arg(mut self, argument: impl ToRedisArgs) -> Self {
        self.cmd.arg(argument);
        self
    }

    /// Returns the span of this request in a trace: it has the command, and of a script its hash, but no key and no value.
    pub(super) fn span(&self) -> Span {
        tracing::debug_span!(
            target: saoma_trace::TARGET,
            "redis",
            otel.kind = "client",
            otel.name = self.word(0),
            db.system.name = "redis",
            db.operation.name = self.word(0),
            db.stored_procedure.name = self.script.and_then(|_| self.word(1)),
            otel.status_code = Empty,
            "error.type" = Empty,
        )
    }

    /// Returns a word of the command; the first is its name.
    fn word(&self, at: usize) -> Option<&str> {
        let Arg::Simple(word) = self.cmd.args_iter().nth(at)? else { return None };
        std::str::from_utf8(word).ok()
    }

    /// Returns the call with the script itself, for a Redis that was emptied or told to forget its scripts.
    pub(super) fn with_script(&self) -> Option<Cmd> {
        let mut whole = redis::cmd("EVAL");
        whole.arg(self.script?);
        for argument in self.cmd.args_iter().skip(2) {
            // No request has a cursor, which is the other kind.
            if let Arg::Simple(bytes) = argument {
                whole.arg(bytes);
            }
        }
        Some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_redis_forgot_is_sent_with_the_same_keys_and_arguments() {
        let request = Script::new("return 1").call(&["a", "b"]).arg(7).arg(b"\0\xff".as_slice());
        let mut expected = redis::cmd("EVAL");
        expected.arg("return 1").arg(2).arg("a").arg("b").arg(7).arg(b"\0\xff".as_slice());
        assert_eq!(request.with_script().unwrap().get_packed_command(), expected.get_packed_command());
        assert!(Request::command("GET").arg("a").with_script().is_none());
    }
}
