//! Calls that an embedder makes.

use serde::Deserialize;
use serde_json::Value;

/// An answer of any form.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct AnyAnswer(Value);

impl AnyAnswer {
    /// Returns the answer without the errcode 0.
    pub(crate) fn into_json(mut self) -> String {
        if let Some(object) = self.0.as_object_mut() {
            object.remove("errcode");
            object.remove("errmsg");
        }
        self.0.to_string()
    }
}
