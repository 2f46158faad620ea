//! What a message of WeChat's callback means to logins.

use saoma_domain::{
    login::LoginScene,
    wechat::{AppKind, OpenId},
};
use saoma_wechat::callback::{MessageKind, VerifiedMessage};

/// What a message of WeChat's callback means to logins.
pub(super) enum CallbackEvent<'a> {
    /// The code of a login was scanned; with its scene.
    Scan(&'a str),
    /// The person began to follow the official account, or stopped.
    FollowChange {
        /// Whether the person follows it now.
        follows: bool,
    },
    /// The person wrote, or tapped a menu, and gets an answer in the chat.
    Said,
    /// A person revoked an authorization, or has another profile now.
    AuthorizationChanged {
        /// The person.
        openid: &'a OpenId,
        /// Whether only the profile changed.
        profile_only: bool,
    },
    /// Nothing.
    Other,
}

impl<'a> CallbackEvent<'a> {
    /// Reads a message to an app of a kind: scans and followers are of official accounts.
    pub(super) fn of(kind: AppKind, message: &'a VerifiedMessage) -> Self {
        if let MessageKind::AuthorizationChanged { openid, is_revoked, .. } = message.kind() {
            return Self::AuthorizationChanged { openid, profile_only: !is_revoked };
        }
        if kind != AppKind::OfficialAccount {
            return Self::Other;
        }
        match message.kind() {
            MessageKind::Subscribe { scene: Some(scene), .. } | MessageKind::Scan { scene, .. }
                if LoginScene::is_login_scene(scene) =>
            {
                Self::Scan(scene)
            }
            MessageKind::Subscribe { .. } => Self::FollowChange { follows: true },
            MessageKind::Unsubscribe => Self::FollowChange { follows: false },
            MessageKind::Scan { .. } | MessageKind::Click { .. } | MessageKind::Text { .. } => Self::Said,
            MessageKind::View { .. }
            | MessageKind::Location
            | MessageKind::AuthorizationChanged { .. }
            | MessageKind::Other { .. } => Self::Other,
        }
    }
}
