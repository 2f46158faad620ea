//! What the cache keeps of one login; there may be a million of them.

use saoma_domain::{
    login::{Channel, ClientInfo, Login, LoginContext, LoginId, LoginState, ScenePurpose},
    ports::CachedLogin,
    wechat::AppName,
};

/// What is kept of a login besides its id. Both parts are behind pointers, since most logins have only the first.
#[derive(Debug, Default)]
pub(crate) struct LoginEntry {
    context: Option<PackedContext>,
    outcome: Option<Box<CachedOutcome>>,
}

#[derive(Debug)]
struct CachedOutcome {
    version: u32,
    state: LoginState,
}

impl LoginEntry {
    /// Takes over a newer context; no context leaves the known one in place.
    pub(super) fn open(&mut self, context: Option<&LoginContext>) {
        if let Some(context) = context {
            self.context = Some(PackedContext::of(context));
        }
    }

    /// Takes over an outcome and returns whether it is newer than the known one.
    pub(super) fn update(&mut self, login: &Login) -> bool {
        let is_newer = self.outcome.as_ref().is_none_or(|known| known.version < login.version);
        if is_newer {
            let outcome = CachedOutcome { version: login.version, state: login.state.clone() };
            self.outcome = Some(Box::new(outcome));
        }
        is_newer
    }

    pub(super) fn state(&self, id: LoginId) -> CachedLogin {
        match &self.outcome {
            None => CachedLogin::Open,
            Some(outcome) => {
                CachedLogin::Outcome(Login { id, version: outcome.version, state: outcome.state.clone() })
            }
        }
    }

    pub(super) fn context(&self) -> Option<LoginContext> {
        self.context.as_ref()?.unpack()
    }
}

/// A context in one allocation instead of six: its parts, separated by a character that no part but the last can
/// have.
#[derive(Debug)]
struct PackedContext(Box<str>);

const SEPARATOR: char = '\n';

impl PackedContext {
    fn of(context: &LoginContext) -> Self {
        let LoginContext { channel, app, purpose, client_info: ClientInfo { ip, user_agent } } = context;
        let channel = channel.as_str();
        Self(
            format!("{channel}{SEPARATOR}{app}{SEPARATOR}{purpose}{SEPARATOR}{ip}{SEPARATOR}{user_agent}")
                .into_boxed_str(),
        )
    }

    fn unpack(&self) -> Option<LoginContext> {
        let mut parts = self.0.splitn(5, SEPARATOR);
        let channel = Channel::parse(parts.next()?)?;
        let app = AppName::parse(parts.next()?).ok()?;
        let purpose = ScenePurpose::parse(parts.next()?).ok()?;
        let (ip, user_agent) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(LoginContext { channel, app, purpose, client_info: ClientInfo { ip, user_agent } })
    }
}
