//! A configuration that is made in code: the same keys, read and checked as those of a file.

use std::{fmt, path::Path};

use secrecy::{ExposeSecret, SecretString};
use toml::{Table, Value};

use super::{
    Config, ConfigError, ConfigProblem, Mount, Part, Parts,
    source::{self, override_value},
};

/// What WeChat's console shows of an app.
#[derive(Clone, Debug)]
pub struct Credentials {
    app_id: String,
    secret: SecretString,
    callback: Option<(SecretString, SecretString)>,
}

impl Credentials {
    /// Takes the `AppID` and the `AppSecret`.
    pub fn new(app_id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self { app_id: app_id.into(), secret: secret.into(), callback: None }
    }

    /// Adds the `Token` and the `EncodingAESKey` of the callback, which an official account needs.
    #[must_use]
    pub fn with_callback(
        self,
        token: impl Into<SecretString>,
        encoding_aes_key: impl Into<SecretString>,
    ) -> Self {
        Self { callback: Some((token.into(), encoding_aes_key.into())), ..self }
    }
}

/// Makes a [`Config`] in code, see [`Config::builder`].
///
/// What has no method here is set by its key: `set("login.qr_ttl_s", 300)`.
#[derive(Clone)]
#[must_use]
pub struct ConfigBuilder {
    table: Table,
    apps: usize,
    mount: Mount,
    parts: Parts,
    brings_sms_sender: bool,
    source: String,
    problems: Vec<ConfigProblem>,
}

impl ConfigBuilder {
    pub(super) fn new(public_url: &str, key: &SecretString) -> Self {
        let builder = Self::over("code", Table::new());
        builder.set("server.public_url", public_url).set("server.key", key.expose_secret())
    }

    /// Begins with what was read already.
    pub(super) fn over(source: &str, table: Table) -> Self {
        let apps = table.get("wechat").and_then(|wechat| wechat.get("apps")).and_then(Value::as_array);
        Self {
            apps: apps.map_or(0, Vec::len),
            table,
            mount: Mount::default(),
            parts: Parts::default(),
            brings_sms_sender: false,
            source: source.to_owned(),
            problems: Vec::new(),
        }
    }

    /// Adds an official account.
    pub fn official_account(self, name: &str, credentials: Credentials) -> Self {
        self.app("official_account", name, credentials)
    }

    /// Adds a website application of the open platform.
    pub fn website(self, name: &str, credentials: Credentials) -> Self {
        self.app("website", name, credentials)
    }

    /// Adds a mini program.
    pub fn mini_program(self, name: &str, credentials: Credentials) -> Self {
        self.app("mini_program", name, credentials)
    }

    /// Adds a mobile application of the open platform.
    pub fn mobile_app(self, name: &str, credentials: Credentials) -> Self {
        self.app("mobile_app", name, credentials)
    }

    fn app(mut self, kind: &str, name: &str, credentials: Credentials) -> Self {
        let number = self.apps;
        self.apps += 1;
        let Credentials { app_id, secret, callback } = credentials;
        let key = |key: &str| format!("wechat.apps.{number}.{key}");
        let builder = self
            .set(&key("name"), name)
            .set(&key("kind"), kind)
            .set(&key("app_id"), app_id)
            .set(&key("secret"), secret.expose_secret());
        match callback {
            None => builder,
            Some((token, aes_key)) => builder
                .set(&key("token"), token.expose_secret())
                .set(&key("encoding_aes_key"), aes_key.expose_secret()),
        }
    }

    /// Says where the database is (`database.url`).
    pub fn database(self, url: impl Into<SecretString>) -> Self {
        self.set("database.url", url.into().expose_secret())
    }

    /// Says where caches and counters are kept (`store.url`).
    pub fn store(self, url: impl Into<SecretString>) -> Self {
        self.set("store.url", url.into().expose_secret())
    }

    /// Says where WeChat is, such as a simulated one: `api_base`, `open_base` and `mp_base` at once.
    pub fn wechat_at(self, base: &str) -> Self {
        self.set("wechat.api_base", base).set("wechat.open_base", base).set("wechat.mp_base", base)
    }

    /// Mounts the service below a path of the site, such as `/auth`: its endpoints, the login page, the addresses that WeChat
    /// is given, and the paths of the cookies. The session's cookie is good for the whole site.
    pub fn mount(mut self, path: &str) -> Self {
        match path.parse() {
            Ok(mount) => self.mount = mount,
            Err(error) => self.problems.push(ConfigProblem::new("mount", format!("`{path}` {error}"))),
        }
        self
    }

    /// Says that the application sends SMS by itself, by [`Environment::sms_sender`](crate::Environment::sms_sender): the
    /// section `[sms]` then needs no provider.
    pub fn own_sms_sender(self) -> Self {
        Self { brings_sms_sender: true, ..self }
    }

    /// Leaves a part of the service out.
    pub fn without(mut self, part: Part) -> Self {
        self.parts.leave_out(part);
        self
    }

    /// Sets a key of the configuration by its name in the file, such as `login.qr_ttl_s`, or `wechat.apps.0.confirm` for
    /// the app that was added first. A list is written with commas.
    #[expect(clippy::needless_pass_by_value, reason = "numbers, flags and texts are written as they are")]
    pub fn set(mut self, key: &str, value: impl ToString) -> Self {
        let steps: Vec<&str> = key.split('.').collect();
        if !override_value(&mut self.table, &steps, Value::String(value.to_string())) {
            self.problems.push(ConfigProblem::new(key, "no key of the configuration has this name"));
        }
        self
    }

    /// Checks everything, as [`Config::load`] does.
    ///
    /// # Errors
    /// [`ConfigError`] with everything that is wrong.
    pub fn build(self) -> Result<Config, ConfigError> {
        let config = Config::check(&self.source, self.table, self.problems, self.brings_sms_sender)?;
        Ok(Config { mount: self.mount, parts: self.parts, ..config })
    }
}

impl fmt::Debug for ConfigBuilder {
    /// Shows nothing of what was set: there are secrets in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigBuilder").field("apps", &self.apps).finish_non_exhaustive()
    }
}

impl Config {
    /// Begins a configuration in code: how clients reach the service (an origin, such as `https://login.example.com`), and
    /// the server's key, 32 random bytes in hex (`openssl rand -hex 32`).
    ///
    /// ```
    /// use saoma_api::config::{Config, Credentials};
    ///
    /// # fn main() -> Result<(), saoma_api::config::ConfigError> {
    /// let account = Credentials::new("wx0123456789abcdef", "secret").with_callback("token", "a".repeat(43));
    /// let config = Config::builder("http://localhost:8080", "5a".repeat(32))
    ///     .official_account("main", account)
    ///     .database("sqlite::memory:")
    ///     .set("login.qr_ttl_s", 300)
    ///     .build()?;
    /// assert_eq!(config.login.qr_ttl.as_secs(), 300);
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(public_url: &str, key: impl Into<SecretString>) -> ConfigBuilder {
        ConfigBuilder::new(public_url, &key.into())
    }

    /// Begins a configuration with what a file and the environment say, as [`Config::load`] reads them, for what has no key:
    /// [`mount`](ConfigBuilder::mount), [`without`](ConfigBuilder::without),
    /// [`own_sms_sender`](ConfigBuilder::own_sms_sender).
    ///
    /// # Errors
    /// [`ConfigError`] for a file that cannot be read.
    pub fn builder_from(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<ConfigBuilder, ConfigError> {
        let source = file.map_or_else(|| "environment".to_owned(), |path| path.display().to_string());
        Ok(ConfigBuilder::over(&source, source::read(file, environment)?))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::AppKind, *};

    fn account() -> Credentials {
        Credentials::new("wx0000000000000001", "s3cret").with_callback("t0ken", "a".repeat(43))
    }

    #[test]
    fn what_is_made_in_code_is_what_a_file_says() {
        let config = Config::builder("https://login.example.com", "5a".repeat(32))
            .official_account("main", account())
            .website("site", Credentials::new("wx0000000000000002", "s3cret"))
            .mini_program("mini", Credentials::new("wx0000000000000003", "s3cret"))
            .set("sms.provider", "webhook")
            .set("sms.url", "http://127.0.0.1:1/sms")
            .set("wechat.apps.0.confirm", "none")
            .set("limits.waits_per_ip", 7)
            .build()
            .unwrap();
        let kinds: Vec<_> = config.wechat.apps.iter().map(|app| (app.name.as_str(), app.kind)).collect();
        let expected =
            [("main", AppKind::OfficialAccount), ("site", AppKind::Website), ("mini", AppKind::MiniProgram)];
        assert_eq!(kinds, expected);
        assert_eq!(config.waits.per_ip, 7);
        assert!(config.wechat.apps[0].callback.is_some());
    }

    #[test]
    fn a_file_and_the_environment_can_be_built_upon() {
        let environment = [
            ("SAOMA__SERVER__PUBLIC_URL", "https://login.example.com"),
            ("SAOMA__SERVER__KEY", &"5a".repeat(32)),
            ("SAOMA__WECHAT__APPS__0__NAME", "site"),
            ("SAOMA__WECHAT__APPS__0__KIND", "website"),
            ("SAOMA__WECHAT__APPS__0__APP_ID", "wx0000000000000002"),
            ("SAOMA__WECHAT__APPS__0__SECRET", "s3cret"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let builder = Config::builder_from(None, environment).unwrap().official_account("main", account());
        let wrong = builder.clone().build().unwrap_err();
        assert_eq!(wrong.problems[0].key, "sms.provider", "the log is no way to send codes");
        let config = builder.own_sms_sender().mount("/auth").without(Part::Page).build().unwrap();
        assert_eq!((config.wechat.apps.len(), config.login_page().as_str()), (2, "/auth/login"));
        assert!(config.brings_sms_sender && !config.parts.has(Part::Page));
        let wrong = Config::builder("http://localhost", "5a".repeat(32)).mount("auth/").build().unwrap_err();
        assert_eq!(wrong.problems[0].key, "mount");
    }

    #[test]
    fn everything_that_is_wrong_is_named_at_once_and_no_secret_is_shown() {
        let builder = Config::builder("login.example.com", "s3cret")
            .official_account("main", Credentials::new("wx1", "s3cret"))
            .set("login.qr_tll_s", 1);
        assert!(!format!("{builder:?}").contains("s3cret"));
        let wrong = builder.build().unwrap_err();
        let keys: Vec<&str> = wrong.problems.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, ["server.public_url", "server.key", "wechat.apps[0].token", "login.qr_tll_s"]);
        assert!(!wrong.to_string().contains("s3cret"), "{wrong}");
    }
}
