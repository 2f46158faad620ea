//! One file that is served from the binary.

use std::{borrow::Cow, collections::BTreeSet};

use actix_web::{HttpRequest, HttpResponse, http::header, web::Bytes};
use saoma_domain::text::hex;

/// The page may load its own files, and draw the QR code as a `data:` picture; nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// A file that is served from the binary, with the tag that its content gives it.
pub(super) struct Asset {
    kind: &'static str,
    content: Bytes,
    tag: String,
    cache: &'static str,
    /// What it may do in a browser.
    policy: Cow<'static, str>,
    /// Whether pages of any site may load it.
    for_all_sites: bool,
}

impl Asset {
    /// The browser asks each time, but gets the file only when it has changed.
    pub(super) const CHECKED: &'static str = "no-cache";
    /// Other sites may load an older file for some minutes after an update.
    pub(super) const SHORT: &'static str = "public, max-age=300";
    /// For a file whose address names its content.
    pub(super) const FOREVER: &'static str = "public, max-age=31536000, immutable";

    /// Makes a file for pages of this site.
    pub(super) fn own(kind: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        let tag = format!("\"{}\"", content_hash(&text));
        Self {
            kind,
            content: text.into(),
            tag,
            cache: Self::CHECKED,
            policy: POLICY.into(),
            for_all_sites: false,
        }
    }

    /// Makes a page that stands in frames of other pages; its policy says of which.
    pub(super) fn framed(kind: &'static str, text: impl Into<String>, policy: String) -> Self {
        Self { policy: policy.into(), ..Self::own(kind, text) }
    }

    /// Lets a page show pictures of other origins.
    #[must_use]
    pub(super) fn with_pictures_of(self, origins: &BTreeSet<String>) -> Self {
        let own = "img-src 'self' data:";
        let all = origins.iter().fold(own.to_owned(), |all, origin| format!("{all} {origin}"));
        Self { policy: self.policy.replace(own, &all).into(), ..self }
    }

    /// Lets a page have frames with pages of this service.
    #[must_use]
    pub(super) fn with_frames(self) -> Self {
        Self { policy: format!("{}; frame-src 'self'", self.policy).into(), ..self }
    }

    /// Makes a file for pages of any site.
    pub(super) fn shared(kind: &'static str, text: impl Into<String>, cache: &'static str) -> Self {
        Self { cache, for_all_sites: true, ..Self::own(kind, text) }
    }

    /// Answers with the file, or says that the one in the browser's cache is still good.
    pub(super) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let known =
            request.headers().get(header::IF_NONE_MATCH).is_some_and(|given| given == self.tag.as_str());
        let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header((header::ETAG, self.tag.as_str()))
            .insert_header((header::CACHE_CONTROL, self.cache))
            .insert_header((header::CONTENT_SECURITY_POLICY, self.policy.as_ref()));
        if self.policy.contains("frame-ancestors 'self'") {
            answer.insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"));
        }
        if self.for_all_sites {
            answer
                .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
                .insert_header(("cross-origin-resource-policy", "cross-origin"));
        }
        if known { answer.finish() } else { answer.content_type(self.kind).body(self.content.clone()) }
    }
}

/// Returns 16 hexadecimal digits that name a content.
pub(super) fn content_hash(text: &str) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    hex(hash.as_ref().get(..8).unwrap_or_default())
}
