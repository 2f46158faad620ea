//! What an embedder gives the service of its surroundings.

use std::{fmt, sync::Arc};

use saoma_db::Database;
use saoma_domain::ports::{
    Background, ChatTexts, Clock, Events, Gate, NoChatTexts, NoEvents, NoOnMessage, OnMessage, Places,
    Random, SmsSender,
};

use crate::node::{OsRandom, SystemClock, TokioBackground};

/// What the service uses of its surroundings. The default is the machine's; what is `None` is connected as the configuration
/// says.
///
/// ```
/// # async fn connect(config: &saoma_api::config::Config, gateway: std::sync::Arc<dyn saoma_api::domain::ports::SmsSender>)
/// # -> Result<saoma_api::Adapters, saoma_api::ConnectError> {
/// use saoma_api::{Adapters, Environment};
///
/// Adapters::connect_with(config, Environment { sms_sender: Some(gateway), ..Environment::default() }).await
/// # }
/// ```
#[derive(Clone)]
pub struct Environment {
    /// The one clock that everything goes by.
    pub clock: Arc<dyn Clock>,
    /// Where all secrets come from.
    pub random: Arc<dyn Random>,
    /// What runs work that goes on after its caller was answered.
    pub background: Arc<dyn Background>,
    /// An open database, in place of `database.url`; its tables are brought up to date.
    pub database: Option<Arc<dyn Database>>,
    /// A way to a phone, in place of `sms.provider`.
    pub sms_sender: Option<Arc<dyn SmsSender>>,
    /// What knows where addresses are, in place of `geo.file`.
    pub places: Option<Arc<dyn Places>>,
    /// Who decides whether a person is admitted, in place of `gate.url`.
    pub gate: Option<Arc<dyn Gate>>,
    /// What hears of accounts, identities, sessions and logins, beside the webhooks.
    pub events: Arc<dyn Events>,
    /// What hears people in the chat.
    pub on_message: Arc<dyn OnMessage>,
    /// What chooses the words of the chat after a scan.
    pub chat_texts: Arc<dyn ChatTexts>,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(OsRandom::default()),
            background: Arc::new(TokioBackground),
            database: None,
            sms_sender: None,
            places: None,
            gate: None,
            events: Arc::new(NoEvents),
            on_message: Arc::new(NoOnMessage),
            chat_texts: Arc::new(NoChatTexts),
        }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("has_database", &self.database.is_some())
            .field("has_sms_sender", &self.sms_sender.is_some())
            .field("has_places", &self.places.is_some())
            .field("has_gate", &self.gate.is_some())
            .finish_non_exhaustive()
    }
}
