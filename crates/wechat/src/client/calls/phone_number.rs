//! `POST /wxa/business/getuserphonenumber`: a person's number, by the code of `getPhoneNumber`.
//!
//! Source: WeChat's page on `getPhoneNumber`.

use saoma_domain::account::PhoneNumber;
use serde::Deserialize;

use crate::client::failure::CallFailure;
use crate::open_data::PhoneInfo;

#[derive(Deserialize)]
pub(crate) struct PhoneNumberAnswer {
    phone_info: PhoneInfo,
}

impl PhoneNumberAnswer {
    /// Returns the number, where WeChat made the answer for this app; `None` where no mobile phone has it, which
    /// no repetition changes.
    pub(crate) fn into_number(self, app_id: &str) -> Result<Option<PhoneNumber>, CallFailure> {
        if self.phone_info.app_id() != Some(app_id) {
            return Err(CallFailure::unusable("the phone number is for another app"));
        }
        Ok(self.phone_info.number())
    }
}
