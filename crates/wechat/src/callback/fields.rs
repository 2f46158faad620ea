//! The fields of a body, whatever its format.

use std::borrow::Cow;

use super::refused::CallbackRefused;
use super::{json, xml};

/// The fields that are kept of a body. WeChat's largest documented message, the report of a mass message with
/// eight articles, has about 120 elements in all.
pub(super) const MAX_FIELDS: usize = 256;

/// The data format that is chosen in WeChat's console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackFormat {
    /// What official accounts send.
    Xml,
    /// What mini programs and cloud hosting can be set to.
    Json,
}

/// How far a body is from one that is well-formed. The later ones are worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Damage {
    /// It is well-formed and within the limits.
    None,
    /// Texts of fields are broken, as what people write can be: bytes and characters that the format cannot carry,
    /// unknown entities, markup. Where the fields begin and end is certain.
    Text,
    /// Where the fields begin and end is not certain, or there are more than WeChat sends.
    Structure,
}

/// The fields of a body with their texts, which are copied only where they are not in the body as they are.
pub(super) struct Fields<'a> {
    fields: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    damage: Damage,
}

impl<'a> Fields<'a> {
    /// Reads a body as far as it can be read; what is wrong with it is its damage.
    ///
    /// # Errors
    /// [`CallbackRefused::Malformed`] for a DTD, which is never written by accident.
    pub(super) fn read(format: CallbackFormat, text: &'a str) -> Result<Self, CallbackRefused> {
        match format {
            CallbackFormat::Xml => xml::read(text),
            CallbackFormat::Json => Ok(json::read(text)),
        }
    }

    pub(super) fn new() -> Self {
        Self { fields: Vec::with_capacity(8), damage: Damage::None }
    }

    /// Adds a field. The same field twice is damage, since two readers might take different ones; the first counts.
    pub(super) fn push(&mut self, name: impl Into<Cow<'a, str>>, text: Cow<'a, str>) {
        let name = name.into();
        if self.fields.len() == MAX_FIELDS || self.get(&name).is_some() {
            self.damaged(Damage::Structure);
        } else {
            self.fields.push((name, text));
        }
    }

    /// Notes damage, unless it is known to be worse.
    pub(super) fn damaged(&mut self, damage: Damage) {
        self.damage = self.damage.max(damage);
    }

    pub(super) fn damage(&self) -> Damage {
        self.damage
    }

    /// Returns the text of a field, which may be empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, text)| &**text)
    }

    /// Returns the text of a field that has to be there and not empty.
    pub(super) fn require(&self, name: &str) -> Result<&str, CallbackRefused> {
        self.get(name).filter(|text| !text.is_empty()).ok_or(CallbackRefused::Malformed)
    }
}
