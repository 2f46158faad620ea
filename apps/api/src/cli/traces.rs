//! The traces of the process, where the environment names a collector.

use std::time::Duration;

use saoma_api::config::LogConfig;

use super::{
    command_error::CommandError,
    logging::{self, Log},
};

/// The spans on their way to a collector.
pub(super) struct Traces {
    #[cfg(feature = "otlp")]
    sending: Option<saoma_api::Traces>,
}

impl Traces {
    /// The last spans are sent within this time, or not at all.
    pub(super) const LAST_SPANS: Duration = Duration::from_secs(2);

    /// Starts to send spans, if there is a collector.
    ///
    /// # Errors
    /// [`CommandError::Misused`] naming the variable that cannot be used.
    pub(super) fn from_env() -> Result<Self, CommandError> {
        Ok(Self {
            #[cfg(feature = "otlp")]
            sending: saoma_api::Traces::from_env()
                .map_err(|error| CommandError::Misused(error.to_string()))?,
        })
    }

    /// Starts the log, whose lines then name the trace that they belong to.
    pub(super) fn start_log(&self, config: &LogConfig) -> Log {
        #[cfg(feature = "otlp")]
        if let Some(sending) = &self.sending {
            return logging::start_with(config, sending.layer());
        }
        logging::start(config)
    }

    /// Sends the spans that wait.
    pub(super) async fn end(self, within: Duration) {
        #[cfg(feature = "otlp")]
        if let Some(sending) = self.sending {
            sending.end(within.min(Self::LAST_SPANS)).await;
        }
        #[cfg(not(feature = "otlp"))]
        let _ = within;
    }
}
