//! How the context of a login is stored: a record without the names of its fields, so that no client can make it longer
//! than the sum of them.

use saoma_domain::{
    login::{ClientInfo, LoginContext, ScenePurpose},
    wechat::AppName,
};
use serde::{Deserialize, Serialize};

use crate::record;

/// A context as it lies in Redis.
#[derive(Serialize, Deserialize)]
struct ContextRecord<'a> {
    app: &'a str,
    purpose: &'a str,
    ip: &'a str,
    user_agent: &'a str,
}

/// Writes a context, which is never empty.
pub(super) fn write(context: &LoginContext) -> Vec<u8> {
    let LoginContext { app, purpose, client_info: ClientInfo { ip, user_agent } } = context;
    record::write(&ContextRecord { app: app.as_str(), purpose: purpose.as_str(), ip, user_agent })
}

/// Reads a context; `None` when it is empty or of another format.
pub(super) fn read(bytes: &[u8]) -> Option<LoginContext> {
    let ContextRecord { app, purpose, ip, user_agent } = record::read(bytes)?;
    Some(LoginContext {
        app: AppName::parse(app).ok()?,
        purpose: ScenePurpose::parse(purpose).ok()?,
        client_info: ClientInfo { ip: ip.to_owned(), user_agent: user_agent.to_owned() },
    })
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::longest_context;

    use super::*;

    #[test]
    fn a_context_is_read_as_it_was_written() {
        for user_agent in ["", "🦀", "\"", "\0", "curl/8.5.0\n"] {
            let context = longest_context(user_agent);
            assert_eq!(read(&write(&context)), Some(context));
        }
    }

    #[test]
    fn a_context_of_another_format_is_none() {
        let written = write(&longest_context("x"));
        assert_eq!(read(b""), None);
        assert_eq!(read(&[&written, b"x".as_slice()].concat()), None, "a field more");
        assert_eq!(read(written.split_last().unwrap().1), None, "a byte less");
        assert_eq!(read(&[b"\x01 ", &written[33..]].concat()), None, "no name of an app");
    }
}
