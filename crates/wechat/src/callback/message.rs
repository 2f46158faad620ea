//! A message of WeChat that passed every check.

use std::fmt;
use std::sync::Arc;

use saoma_domain::wechat::OpenId;

use super::aes_key::AesKey;
use super::refused::CallbackRefused;
use super::xml::Fields;

/// WeChat allows no longer scene.
const MAX_SCENE_CHARS: usize = 64;
const SCENE_PREFIX: &str = "qrscene_";

/// What a message says.
///
/// Event names are told apart without regard to case; WeChat writes `subscribe` but `SCAN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Somebody follows the account.
    Subscribe {
        /// The scene of the QR code that led there, without WeChat's prefix `qrscene_`; `None` when the
        /// person came another way.
        scene: Option<String>,
        /// The ticket of that QR code.
        ticket: Option<String>,
    },
    /// A follower scanned a QR code.
    Scan {
        /// The scene of the code as it was made, at most 64 characters.
        scene: String,
        /// The ticket of that QR code.
        ticket: Option<String>,
    },
    /// Somebody no longer follows the account.
    Unsubscribe,
    /// A menu entry was chosen.
    Click {
        /// The key of the entry; never a scene.
        key: String,
    },
    /// A menu entry opened a page.
    View {
        /// The address of the page; never a scene.
        url: String,
    },
    /// A phone reported where it is; the place is not kept.
    Location,
    /// Somebody wrote a text.
    Text {
        /// What was written.
        content: String,
        /// WeChat's number of the message, by which repetitions are known.
        msg_id: Option<String>,
    },
    /// Anything else.
    Other {
        /// The name of the event, or the type of the message.
        name: String,
    },
}

/// A message that WeChat sent to this app, not long ago.
///
/// Only [`CallbackCodec::open`](super::CallbackCodec::open) makes one, so whoever holds one need not check
/// again. Whether it came before is not known here.
#[derive(Clone)]
pub struct VerifiedMessage {
    from: OpenId,
    to: String,
    create_time: i64,
    msg_type: String,
    kind: MessageKind,
    /// The nonce of the request, and the key that opened it where it was encrypted.
    nonce: String,
    key: Option<Arc<AesKey>>,
}

impl VerifiedMessage {
    /// Reads the fields of a body whose signatures were checked.
    pub(super) fn read(
        fields: &Fields,
        nonce: &str,
        key: Option<Arc<AesKey>>,
    ) -> Result<Self, CallbackRefused> {
        let from = OpenId::parse(fields.require("FromUserName")?).map_err(|_| CallbackRefused::Malformed)?;
        let create_time = fields.require("CreateTime")?.parse().map_err(|_| CallbackRefused::Malformed)?;
        Ok(Self {
            from,
            to: fields.require("ToUserName")?.to_owned(),
            create_time,
            msg_type: fields.require("MsgType")?.to_owned(),
            kind: read_kind(fields)?,
            nonce: nonce.to_owned(),
            key,
        })
    }

    /// Returns the person who did or wrote it (`FromUserName`).
    pub fn from(&self) -> &OpenId {
        &self.from
    }

    /// Returns the account that it went to (`ToUserName`, `gh_…`).
    pub fn to(&self) -> &str {
        &self.to
    }

    /// Returns when it happened, in Unix seconds of WeChat's clock.
    pub fn create_time(&self) -> i64 {
        self.create_time
    }

    /// Returns WeChat's `MsgType`, such as `event` or `text`.
    pub fn msg_type(&self) -> &str {
        &self.msg_type
    }

    /// Returns what it says.
    pub fn kind(&self) -> &MessageKind {
        &self.kind
    }

    /// Says whether the message came encrypted; its answer then goes out encrypted too.
    pub fn is_encrypted(&self) -> bool {
        self.key.is_some()
    }

    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    pub(super) fn key(&self) -> Option<&AesKey> {
        self.key.as_deref()
    }
}

impl fmt::Debug for VerifiedMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedMessage")
            .field("from", &self.from)
            .field("create_time", &self.create_time)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

fn read_kind(fields: &Fields) -> Result<MessageKind, CallbackRefused> {
    let text = |name| fields.get(name).unwrap_or_default().to_owned();
    let some = |name| fields.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let msg_type = fields.require("MsgType")?;
    match msg_type.to_ascii_lowercase().as_str() {
        "text" => return Ok(MessageKind::Text { content: text("Content"), msg_id: some("MsgId") }),
        "event" => {}
        _ => return Ok(MessageKind::Other { name: msg_type.to_owned() }),
    }
    let event = fields.require("Event")?;
    Ok(match event.to_ascii_lowercase().as_str() {
        "subscribe" => {
            // Once and only here: a scene may itself begin with the prefix.
            let scene = fields.get("EventKey").and_then(|key| key.strip_prefix(SCENE_PREFIX));
            let scene = scene.filter(|scene| !scene.is_empty()).map(checked_scene).transpose()?;
            MessageKind::Subscribe { scene, ticket: some("Ticket") }
        }
        "scan" => MessageKind::Scan { scene: checked_scene(&text("EventKey"))?, ticket: some("Ticket") },
        "unsubscribe" => MessageKind::Unsubscribe,
        "click" => MessageKind::Click { key: text("EventKey") },
        "view" => MessageKind::View { url: text("EventKey") },
        "location" => MessageKind::Location,
        _ => MessageKind::Other { name: event.to_owned() },
    })
}

fn checked_scene(scene: &str) -> Result<String, CallbackRefused> {
    if scene.chars().count() > MAX_SCENE_CHARS {
        return Err(CallbackRefused::Malformed);
    }
    Ok(scene.to_owned())
}
