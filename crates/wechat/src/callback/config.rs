//! The callback settings in WeChat's console.

use secrecy::SecretString;

/// How WeChat sends its messages to this app, as chosen in its console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackMode {
    /// Bodies are readable and no signature covers them.
    Plain,
    /// Bodies are readable and encrypted at once; only the encrypted part is read, and it has to be there.
    Compat,
    /// Bodies are encrypted and signed; nothing else is accepted.
    Secure,
}

/// The callback settings of one WeChat app, not yet checked.
#[derive(Clone, Debug)]
pub struct CallbackConfig {
    /// The app id (`wx…`), which also stands at the end of every encrypted message.
    pub app_id: String,
    /// The console's *token*: 3–32 characters `[A-Za-z0-9]`.
    pub token: SecretString,
    /// The console's *`EncodingAESKey`*: 43 characters `[A-Za-z0-9]`; needed in every mode but plain.
    pub encoding_aes_key: Option<SecretString>,
    /// The key before the last change in the console, under which messages may still come in.
    pub previous_encoding_aes_key: Option<SecretString>,
    /// The mode chosen in the console.
    pub mode: CallbackMode,
}

/// What is wrong with a [`CallbackConfig`]; no variant shows a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackConfigError {
    /// The app id is empty, too long or has a character that no app id has.
    #[error("the app id must have 1 to 64 characters of [A-Za-z0-9_-]")]
    AppId,
    /// The token has the wrong length.
    #[error("the token must have 3 to 32 characters, this one has {0}")]
    TokenLength(usize),
    /// The token has a character that WeChat's console does not take.
    #[error("the token may have letters and digits only ([A-Za-z0-9])")]
    TokenCharacter,
    /// No key, but a mode that encrypts.
    #[error("the encoding AES key is missing; compat and secure mode need it")]
    AesKeyMissing,
    /// A key has the wrong length.
    #[error("the encoding AES key must have 43 characters, this one has {0}")]
    AesKeyLength(usize),
    /// A key has a character that WeChat's console does not take.
    #[error("the encoding AES key may have letters and digits only ([A-Za-z0-9])")]
    AesKeyCharacter,
}
