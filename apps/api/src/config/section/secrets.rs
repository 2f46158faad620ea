//! Secrets, which may stand in files of their own.

use secrecy::{ExposeSecret, SecretString};

use super::Section;

impl Section<'_> {
    /// Returns a secret given as `key`, or as the content of the file named by `key_file`.
    pub(in crate::config) fn secret(&mut self, key: &str) -> Option<SecretString> {
        let file_key = format!("{key}_file");
        let (direct, file) = (self.text(key), self.text(&file_key));
        let (from, secret) = match (direct, file) {
            (Some(_), Some(_)) => {
                self.problem(&file_key, format!("only one of `{key}` and `{file_key}` can be given"));
                return None;
            }
            (Some(secret), None) => (key, secret),
            (None, Some(file)) => (file_key.as_str(), self.read_file(&file_key, &file)?),
            (None, None) => return None,
        };
        let is_quoted = |mark: char| secret.len() > 1 && secret.starts_with(mark) && secret.ends_with(mark);
        if ['"', '\''].into_iter().any(is_quoted) {
            self.problem(from, "the quotation marks are part of the value here; take them away");
        }
        Some(secret.into())
    }

    /// Returns the secret in the file that a key names, if one was given.
    pub(in crate::config) fn secret_file(&mut self, file_key: &str) -> Option<SecretString> {
        let file = self.text(file_key)?;
        self.read_file(file_key, &file).map(SecretString::from)
    }

    /// Reads a file, without blanks around what it says and without the byte-order mark that some editors write.
    fn read_file(&mut self, file_key: &str, file: &str) -> Option<String> {
        let problem = match std::fs::read_to_string(file) {
            Ok(text) => {
                let secret = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
                if !secret.is_empty() {
                    return Some(secret.to_owned());
                }
                format!("the file `{file}` is empty")
            }
            Err(error) => format!("the file `{file}` cannot be read: {error}"),
        };
        self.problem(file_key, problem);
        None
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
