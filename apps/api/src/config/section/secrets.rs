//! Secrets, which may stand in files of their own.

use secrecy::{ExposeSecret, SecretString};

use super::Section;

impl Section<'_> {
    /// Returns a secret given as `key`, or as the content of the file named by `key_file`.
    pub(in crate::config) fn secret(&mut self, key: &str) -> Option<SecretString> {
        let file_key = format!("{key}_file");
        let (direct, file) = (self.text(key), self.text(&file_key));
        match (direct, file) {
            (Some(_), Some(_)) => {
                self.problem(&file_key, format!("only one of `{key}` and `{file_key}` can be given"));
                None
            }
            (Some(secret), None) => Some(secret.into()),
            (None, Some(file)) => match std::fs::read_to_string(&file) {
                Ok(secret) => Some(secret.trim().to_owned().into()),
                Err(error) => {
                    self.problem(&file_key, format!("the file `{file}` cannot be read: {error}"));
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// Returns secrets given as a list, or as the lines of the file named by `key_file`.
    pub(in crate::config) fn secrets(&mut self, key: &str) -> Vec<SecretString> {
        if self.has(key) {
            return self.list(key).into_iter().map(SecretString::from).collect();
        }
        let lines = self.secret(key);
        lines
            .iter()
            .flat_map(|text| text.expose_secret().split_whitespace())
            .map(SecretString::from)
            .collect()
    }
}
