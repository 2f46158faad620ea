//! The columns of the table of calls.

use std::marker::PhantomData;

/// How the parameters of a call travel.
#[derive(Clone, Copy, Debug)]
pub(super) enum Method {
    /// In the query.
    Get,
    /// As JSON in the body.
    Post,
}

/// What tells WeChat who is calling.
#[derive(Clone, Copy, Debug)]
pub(super) enum Credentials {
    /// The app's id and secret. The client adds them to the query.
    Secret,
    /// The app's id and secret, which are among the parameters.
    SecretInBody,
    /// The app's access token. The client adds it to the query; when WeChat refuses it, the client fetches
    /// another one and repeats the call once.
    Token,
    /// The person's own token, which is among the parameters.
    PersonToken,
}

/// Whether the client may send a request again when it does not know whether WeChat has served it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Repeat {
    /// The second request means the same as the first.
    Safe,
    /// WeChat takes a code once: it would refuse the second request because of the first, and so hide that
    /// the first was served.
    Never,
}

/// Whose quota of the minute a call uses.
#[derive(Clone, Copy, Debug)]
pub(super) enum Quota {
    /// The app's: once it is used up, WeChat refuses every call.
    App,
    /// Perhaps that of one person, whose used-up minute must not keep other people out.
    Person,
    /// The app's, of which 45009 means that the minute is used up, and not the day.
    Minute,
}

/// An API of WeChat, and how to call it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api {
    /// The path below `api_base`, which is the name of the API in logs too.
    pub(super) path: &'static str,
    pub(super) method: Method,
    pub(super) credentials: Credentials,
    pub(super) repeat: Repeat,
    pub(super) quota: Quota,
}

impl Api {
    /// Returns whether a request carries the app's secret and no token.
    pub(super) fn sends_secret(&self) -> bool {
        match self.credentials {
            Credentials::Secret | Credentials::SecretInBody => true,
            Credentials::Token | Credentials::PersonToken => false,
        }
    }
}

/// A row of the table: an API, and the type `A` that its answers are read as.
pub(super) struct Call<A> {
    pub(super) api: Api,
    answer: PhantomData<fn() -> A>,
}

impl<A> Call<A> {
    pub(super) const fn new(api: Api) -> Self {
        Self { api, answer: PhantomData }
    }
}
