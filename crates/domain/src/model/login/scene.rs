//! The text that travels inside a QR code: `login:<purpose>:<id>`, at most 64 characters.

use super::LoginId;
use crate::{keys::KeyRing, text::short_text};

const PREFIX: &str = "login:";

short_text! {
    /// The scene type that a report can count by, such as `pc-web`: `[a-z0-9-]{1,16}`.
    ScenePurpose, 16, |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

impl Default for ScenePurpose {
    fn default() -> Self {
        Self("web".to_owned())
    }
}

/// A scene that this service put into a QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginScene {
    /// What the login is for.
    pub purpose: ScenePurpose,
    /// The login.
    pub id: LoginId,
}

impl LoginScene {
    /// Returns whether a scene claims to be a login's, whether or not it is genuine.
    pub fn is_login_scene(scene: &str) -> bool {
        scene.starts_with(PREFIX)
    }

    /// Reads a scene that WeChat reported; `None` unless this service issued it.
    pub fn verify(scene: &str, keys: &KeyRing) -> Option<Self> {
        Self::parse(scene, |id| LoginId::verify(id, keys))
    }

    /// Reads a scene, genuine or not: to count it and to write it down, never to act on it.
    pub fn read(scene: &str) -> Option<Self> {
        Self::parse(scene, LoginId::from_store)
    }

    fn parse(scene: &str, read: impl FnOnce(&str) -> Option<LoginId>) -> Option<Self> {
        let (purpose, id) = scene.strip_prefix(PREFIX)?.split_once(':')?;
        Some(Self { purpose: ScenePurpose::parse(purpose).ok()?, id: read(id)? })
    }
}

impl std::fmt::Display for LoginScene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{PREFIX}{}:{}", self.purpose, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{keys::ServerKey, login::PollToken, time::Timestamp};

    fn keys() -> KeyRing {
        KeyRing::new(ServerKey::new([1; 32]), vec![])
    }

    fn id() -> LoginId {
        let token = PollToken::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").unwrap();
        LoginId::issue(&token, Timestamp::from_secs(1_763_610_000), &keys())
    }

    #[test]
    fn the_longest_scene_fits_wechats_64_characters() {
        let scene = LoginScene { purpose: ScenePurpose::parse("abcdefghijklmnop").unwrap(), id: id() };
        assert!(scene.to_string().len() <= 64);
        assert_eq!(LoginScene::verify(&scene.to_string(), &keys()), Some(scene));
    }

    #[test]
    fn foreign_scenes_are_not_ours() {
        let id = id();
        for scene in ["", "login", "login:", "login:web:", "shop:42", "login:WEB:x", "qrscene_login:web:x"] {
            assert_eq!(LoginScene::verify(scene, &keys()), None, "{scene}");
        }
        let other = KeyRing::new(ServerKey::new([2; 32]), vec![]);
        let scene = format!("login:web:{id}");
        assert_eq!(LoginScene::verify(&scene, &other), None);
        assert_eq!(LoginScene::read(&scene).map(|scene| scene.id), Some(id), "it looks like one of ours");
        assert_eq!(LoginScene::verify(&format!("Login:web:{id}"), &keys()), None);
        assert_eq!(LoginScene::verify(&format!("login:web:{id} "), &keys()), None);
    }
}
