//! Which paths of an application are the service's.

use super::{
    Assets,
    openapi::{PATH, described_paths},
    site_files::SiteFiles,
};
use crate::config::{Config, Mount, Part};

/// The paths of the public endpoints: an application answers all others by itself.
pub(crate) struct OwnPaths {
    mount: Mount,
    has_docs: bool,
    /// Each as its segments; `None` for one that may be anything.
    patterns: Vec<Vec<Option<String>>>,
}

impl OwnPaths {
    pub(crate) fn new(config: &Config, assets: &Assets) -> Self {
        let mut described = described_paths();
        // What is not served is the application's own.
        if config.oidc.is_empty() {
            described.retain(|path| !is_of_openid(path));
        }
        let mut paths: Vec<&str> = described.iter().map(String::as_str).chain(assets.paths()).collect();
        paths.push(SiteFiles::PATTERN);
        if config.parts.has(Part::Health) {
            paths.extend(["/healthz", "/readyz"]);
        }
        // Below a mount the root of the service is no other's.
        if !config.mount.as_str().is_empty() {
            paths.push("/");
        }
        let has_docs = config.parts.has(Part::Docs);
        if has_docs {
            paths.push(PATH);
        }
        Self {
            mount: config.mount.clone(),
            has_docs,
            patterns: paths.iter().map(|path| segments(path)).collect(),
        }
    }

    /// Returns whether a path, as it was sent, is one of the service's.
    pub(crate) fn contains(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix(self.mount.as_str()) else { return false };
        let path = path.strip_suffix('/').filter(|path| is_callback(path)).unwrap_or(path);
        self.patterns.iter().any(|pattern| fits(pattern, path))
            || is_component(path)
            || self.has_docs && is_docs(path)
    }
}

/// The keys of signed tokens are there without an OpenID provider.
fn is_of_openid(path: &str) -> bool {
    path.starts_with("/.well-known/openid") || path.starts_with("/oauth2/") && path != "/oauth2/jwks"
}

fn segments(path: &str) -> Vec<Option<String>> {
    path.split('/').map(|segment| (!segment.starts_with('{')).then(|| segment.to_owned())).collect()
}

fn fits(pattern: &[Option<String>], path: &str) -> bool {
    let mut segments = path.split('/');
    let fits = pattern.iter().all(|wanted| {
        segments
            .next()
            .is_some_and(|segment| wanted.as_ref().map_or(!segment.is_empty(), |wanted| wanted == segment))
    });
    fits && segments.next().is_none()
}

/// WeChat's callback may end with a slash.
fn is_callback(path: &str) -> bool {
    path.starts_with("/wechat/") && path.ends_with("/callback")
}

/// The component under the name of its content.
fn is_component(path: &str) -> bool {
    path.starts_with("/saoma-") && path.ends_with(".js") && path.contains('/')
}

fn is_docs(path: &str) -> bool {
    cfg!(feature = "docs") && (path == "/docs" || path.starts_with("/docs/"))
}
