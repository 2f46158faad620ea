//! Where on its site the service is, and which of its parts are there.

use std::{collections::BTreeSet, fmt, str::FromStr};

/// The path below which all endpoints are: none, or one such as `/auth`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mount(String);

/// A text that is no path to mount the service at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has to be a path such as /auth: segments of a-z, A-Z, 0-9, -, _ and . without a slash at the end")]
pub struct MalformedMount;

impl Mount {
    /// Returns the path, without a slash at its end; empty for the root of the site.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns where an endpoint is on the site.
    pub(crate) fn path(&self, endpoint: &str) -> String {
        format!("{}{endpoint}", self.0)
    }

    /// Returns the path of an endpoint out of a path on the site; a path elsewhere is returned as it is.
    pub(crate) fn endpoint<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(self.0.as_str()).unwrap_or(path)
    }
}

impl FromStr for Mount {
    type Err = MalformedMount;

    fn from_str(text: &str) -> Result<Self, MalformedMount> {
        let is_plain = |segment: &str| {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !segment.is_empty() && segment.bytes().all(known) && segment.bytes().any(|byte| byte != b'.')
        };
        let is_path = text.strip_prefix('/').is_some_and(|path| path.split('/').all(is_plain));
        if !text.is_empty() && !is_path {
            return Err(MalformedMount);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Mount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A part of the service that an application may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Part {
    /// The login page. The component `<saoma-login>` stays.
    Page,
    /// The description of the API, `/openapi.json`, and the page at `/docs`.
    Docs,
    /// `/healthz` and `/readyz` on the public listener.
    Health,
}

/// The parts that are there: all but those that were left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts(BTreeSet<Part>);

impl Parts {
    /// Leaves a part out.
    pub fn leave_out(&mut self, part: Part) {
        self.0.insert(part);
    }

    /// Returns whether a part is there.
    pub fn has(&self, part: Part) -> bool {
        !self.0.contains(&part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_is_a_path_without_a_slash_at_its_end() {
        for fine in ["", "/auth", "/a/b-c_d.e"] {
            assert_eq!(fine.parse::<Mount>().unwrap().as_str(), fine);
        }
        for wrong in ["/", "auth", "/auth/", "//a", "/a//b", "/a?b", "/{x}", "/..", "/a/.", "/登录"] {
            assert_eq!(wrong.parse::<Mount>(), Err(MalformedMount), "{wrong}");
        }
    }

    #[test]
    fn endpoints_are_below_the_mount() {
        let mount: Mount = "/auth".parse().unwrap();
        assert_eq!(mount.path("/v1/session"), "/auth/v1/session");
        assert_eq!(mount.endpoint("/auth/v1/session"), "/v1/session");
    }
}
