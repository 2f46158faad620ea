//! What the answer of a phone means, by what the phone is asked and where it is.

use crate::{login::PhoneQuestion, nearness::Demand, ports::PhoneAnswer, session::AuthMethod};

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The person refuses.
    Refused,
    /// The phone is elsewhere, from where no yes counts.
    Elsewhere,
    /// The phone is elsewhere, from where a yes takes the number; it was not asked for so far.
    NumberDemanded,
    /// The number is asked for, and none came.
    NumberMissing,
    /// The number is another one.
    WrongNumber,
    /// The client is let in, by this.
    LetsIn(AuthMethod),
}

/// Returns what an answer means.
pub(crate) fn meaning(question: PhoneQuestion, answer: PhoneAnswer, demand: Demand) -> Meaning {
    match (answer, demand, question) {
        (PhoneAnswer::No, _, _) => Meaning::Refused,
        (_, Demand::Nothing, _) => Meaning::Elsewhere,
        (_, Demand::Number, PhoneQuestion::YesOrNo) => Meaning::NumberDemanded,
        (_, Demand::AsAsked, PhoneQuestion::YesOrNo) => Meaning::LetsIn(AuthMethod::ConfirmClick),
        (PhoneAnswer::Yes, _, PhoneQuestion::Number { .. }) => Meaning::NumberMissing,
        (PhoneAnswer::Number(entered), _, PhoneQuestion::Number { number, .. })
            if entered == Some(number) =>
        {
            Meaning::LetsIn(AuthMethod::ConfirmNumber)
        }
        (PhoneAnswer::Number(_), _, PhoneQuestion::Number { .. }) => Meaning::WrongNumber,
    }
}
