//! Ports that count what goes through them.

mod sms;

pub(crate) use sms::{LastSms, MeasuredSms};
