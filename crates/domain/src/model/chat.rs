//! What persons and official accounts say to each other in the chat, apart from logins.

use std::fmt;

use crate::{
    account::AccountId,
    login::ClientInfo,
    message::MessageId,
    time::Timestamp,
    wechat::{AppName, OpenId},
};

/// What a person did or said, which is about no login.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IncomingMessage {
    /// Which message it is: a repetition has the same id.
    pub id: MessageId,
    /// The app whose callback it came to.
    pub app: AppName,
    /// The person.
    pub openid: OpenId,
    /// What they did or said.
    pub content: MessageContent,
    /// When it happened, by WeChat's clock in whole seconds.
    pub sent_at: Timestamp,
    /// The person's account, if they have one.
    pub account: Option<AccountId>,
}

impl IncomingMessage {
    /// Makes a message of a person without an account.
    pub fn new(
        id: MessageId,
        app: AppName,
        openid: OpenId,
        content: MessageContent,
        sent_at: Timestamp,
    ) -> Self {
        Self { id, app, openid, content, sent_at, account: None }
    }

    /// Says whose account the person has.
    #[must_use]
    pub fn with_account(self, account: Option<AccountId>) -> Self {
        Self { account, ..self }
    }
}

/// What a person did or said.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MessageContent {
    /// They wrote a text.
    Text {
        /// The text.
        text: String,
    },
    /// They began to follow the account; that is stored already.
    Subscribe {
        /// The scene of the code that led them there, without WeChat's prefix.
        scene: Option<String>,
    },
    /// They stopped following the account; that is stored already.
    Unsubscribe,
    /// They scanned a code that is not one of a login.
    Scan {
        /// Its scene.
        scene: String,
    },
    /// They chose a menu entry.
    Click {
        /// Its key.
        key: String,
    },
    /// They opened the page of a menu entry.
    View {
        /// The address of the page.
        url: String,
    },
    /// They took back what they allowed the app to know; that is stored already.
    AuthorizationRevoked,
    /// A picture, a voice, or an event of another kind.
    Other {
        /// The name of the event, or the type of the message, as WeChat writes it.
        name: String,
        /// What the event is about (`EventKey`); empty where WeChat does not say.
        key: String,
    },
}

impl fmt::Debug for MessageContent {
    /// Shows the kind only: the rest is what a person wrote.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text { .. } => "Text",
            Self::Subscribe { .. } => "Subscribe",
            Self::Unsubscribe => "Unsubscribe",
            Self::Scan { .. } => "Scan",
            Self::Click { .. } => "Click",
            Self::View { .. } => "View",
            Self::AuthorizationRevoked => "AuthorizationRevoked",
            Self::Other { .. } => "Other",
        })
    }
}

/// What a person gets in the chat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChatReply {
    /// A text, at most 2048 bytes; what is over is cut off.
    Text(String),
    /// A picture, by the id that WeChat gave it when it was uploaded.
    Image {
        /// The id (`media_id`).
        media_id: String,
    },
    /// A card that leads to a page (图文消息).
    News {
        /// The title.
        title: String,
        /// The line below it; may be empty.
        description: String,
        /// Where the picture is; may be empty.
        picture: String,
        /// Where the card leads.
        url: String,
    },
}

impl ChatReply {
    /// Makes a text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns the text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Image { .. } | Self::News { .. } => None,
        }
    }
}

/// A scan that the chat answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScanSaid {
    /// The app whose code was scanned.
    pub app: AppName,
    /// The person who scanned.
    pub openid: OpenId,
    /// The person's account, if they have one.
    pub account: Option<AccountId>,
    /// The scene of the code: `login:<purpose>:<id>`.
    pub scene: String,
    /// What the scan led to.
    pub outcome: ScanOutcome,
    /// The client that started the login, where the scan led to something.
    pub client_info: Option<ClientInfo>,
}

impl ScanSaid {
    /// Makes a scan that is about no client.
    pub fn new(
        app: AppName,
        openid: OpenId,
        account: Option<AccountId>,
        scene: String,
        outcome: ScanOutcome,
    ) -> Self {
        Self { app, openid, account, scene, outcome, client_info: None }
    }

    /// Says which client started the login.
    #[must_use]
    pub fn with_client(self, client_info: Option<ClientInfo>) -> Self {
        Self { client_info, ..self }
    }

    /// Returns what the login is for, such as `web`.
    pub fn purpose(&self) -> &str {
        self.scene.split(':').nth(1).unwrap_or_default()
    }
}

/// What a scan led to, as the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScanOutcome {
    /// The client is logged in.
    LoggedIn,
    /// The person was added to the account of the client, which is logged in.
    Linked,
    /// The person is new: the client asks for a phone number.
    GoOn,
    /// Another person scanned the code before.
    Taken,
    /// The login was over.
    Expired,
    /// The person cannot be added to the account of the client.
    LinkRefused,
    /// The person has no account, and new ones are not made.
    RegistrationClosed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_wrote_is_not_printed() {
        let text = MessageContent::Text { text: "my number is 13800138000".to_owned() };
        assert_eq!(format!("{text:?}"), "Text");
    }
}
