//! Why a provider did not take a message.

use saoma_domain::ports::SmsError;

use crate::meaning::{Meaning, meaning_of, shown};

/// Why a provider did not take a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The provider said so.
    Refused(Meaning, String),
    /// There was no answer that can be used.
    NoAnswer(String),
}

impl Failure {
    /// Makes a refusal from the provider's code.
    pub(crate) fn of_code(code: &str) -> Self {
        let meaning = meaning_of(code);
        let [cause, advice] = meaning.explanation().en;
        Self::Refused(meaning, format!("it refused with {}: {cause}; {advice}", shown(code)))
    }

    /// Puts the failure in the domain's words. What may be on its way already is not sent by another provider.
    pub(crate) fn into_error(self, provider: &'static str) -> SmsError {
        let (outcome, reason) = match self {
            Self::Refused(meaning, reason) => (meaning.as_str(), reason),
            Self::NoAnswer(reason) => ("no_answer", reason),
        };
        let may_be_sent = outcome == Meaning::MayBeSent.as_str();
        SmsError { provider, outcome, reason: format!("{provider}: {reason}"), try_next: !may_be_sent }
    }
}

impl From<&'static str> for Failure {
    fn from(reason: &'static str) -> Self {
        Self::NoAnswer(reason.to_owned())
    }
}
