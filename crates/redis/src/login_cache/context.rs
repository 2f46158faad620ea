//! How the context of a login is stored: a sealed record without the names of its fields, so that no client can make it
//! longer than the sum of them.

use saoma_domain::{
    keys::Purpose,
    login::{Channel, ClientInfo, LoginContext, LoginId, ScenePurpose},
    wechat::AppName,
};
use serde::{Deserialize, Serialize};

use crate::{record, sealing::Sealer};

/// A context as it lies in Redis.
#[derive(Serialize, Deserialize)]
struct ContextRecord<'a> {
    channel: u8,
    app: &'a str,
    purpose: &'a str,
    ip: &'a str,
    user_agent: &'a str,
}

/// Returns the number that a channel has in Redis: its name would be a part of the 600 bytes that a login may have.
const fn number(channel: Channel) -> u8 {
    match channel {
        Channel::OfficialAccount => 0,
        Channel::Website => 1,
        Channel::InWechat => 2,
        Channel::MiniProgram => 3,
        Channel::Sms => 4,
        Channel::App => 5,
        Channel::MiniProgramCode => 6,
    }
}

/// Writes and seals a context, which is never empty.
pub(super) fn write(sealer: &Sealer, id: LoginId, context: &LoginContext) -> Vec<u8> {
    let LoginContext { channel, app, purpose, client_info: ClientInfo { ip, user_agent } } = context;
    let (channel, app, purpose) = (number(*channel), app.as_str(), purpose.as_str());
    let plain = record::write(&ContextRecord { channel, app, purpose, ip, user_agent });
    sealer.seal(Purpose::LoginContext, id.as_bytes(), &plain)
}

/// Opens a context; `None` when it is empty, of another format, or was not sealed for this login.
pub(super) fn read(sealer: &Sealer, id: LoginId, sealed: &[u8]) -> Option<LoginContext> {
    let plain = sealer.open(Purpose::LoginContext, id.as_bytes(), sealed)?;
    let ContextRecord { channel, app, purpose, ip, user_agent } = record::read(&plain)?;
    Some(LoginContext {
        channel: Channel::ALL.into_iter().find(|known| number(*known) == channel)?,
        app: AppName::parse(app).ok()?,
        purpose: ScenePurpose::parse(purpose).ok()?,
        client_info: ClientInfo { ip: ip.to_owned(), user_agent: user_agent.to_owned() },
    })
}

#[cfg(test)]
mod tests {
    use saoma_contract::values::{login, longest_context};

    use super::*;
    use crate::sealing::tests::sealer;

    #[test]
    fn a_context_is_read_as_it_was_written_and_only_for_its_login() {
        let sealer = sealer();
        for user_agent in ["", "🦀", "\"", "\0", "curl/8.5.0\n"] {
            let context = longest_context(user_agent);
            let sealed = write(&sealer, login(1), &context);
            assert_eq!(read(&sealer, login(1), &sealed), Some(context));
            assert_eq!(read(&sealer, login(2), &sealed), None);
        }
    }

    #[test]
    fn a_context_of_another_format_is_none() {
        let (sealer, id) = (sealer(), login(1));
        let sealed = |plain: &[u8]| sealer.seal(Purpose::LoginContext, id.as_bytes(), plain);
        let sound =
            sealer.open(Purpose::LoginContext, id.as_bytes(), &write(&sealer, id, &longest_context("x")));
        let sound = sound.unwrap();
        assert!(read(&sealer, id, &sealed(&sound)).is_some());
        assert_eq!(read(&sealer, id, b""), None);
        assert_eq!(read(&sealer, id, &sound), None, "in clear");
        assert_eq!(read(&sealer, id, &sealed(&[&sound, b"x".as_slice()].concat())), None, "a field more");
        assert_eq!(read(&sealer, id, &sealed(&sound[..sound.len() - 1])), None, "a byte less");
        assert_eq!(read(&sealer, id, &sealed(&[b"\x01 ", &sound[33..]].concat())), None, "no name of an app");
    }
}
