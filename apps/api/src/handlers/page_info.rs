//! `GET /v1/page`: what a page needs to draw itself.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Bytes, Data, ServiceConfig},
};

use super::{Endpoint, site_files::SiteFiles};
use crate::{config::Config, dto::PageBody, problem::ProblemBody};

/// It changes only with the configuration; a minute after that every page has it.
const CACHE: &str = "public, max-age=60";

/// What a page needs to draw itself, and the operator's files that it names.
#[derive(Clone)]
pub(crate) struct PageInfo {
    pub(super) files: SiteFiles,
    json: Bytes,
}

impl PageInfo {
    /// Describes the page that a configuration asks for.
    pub(crate) fn new(config: &Config) -> Self {
        let files = SiteFiles::new(config);
        let path = |name: &str| files.path(name).map(|path| config.mount.path(&path));
        // Fails only for maps whose keys are no texts, of which it has none.
        let json = serde_json::to_vec(&PageBody::new(config, &path)).unwrap_or_default();
        Self { files, json: json.into() }
    }

    /// Returns it as JSON that can stand inside a `<script>` of HTML.
    pub(super) fn inline(&self) -> String {
        String::from_utf8_lossy(&self.json).replace('<', "\\u003c")
    }

    pub(super) fn register(&self, config: &mut ServiceConfig) {
        self.files.register(config);
        config.app_data(Data::new(self.clone())).service(Endpoint::at("/v1/page").get(page).done());
    }
}

/// Returns what a page needs to draw itself: name, pictures and colours of the site, its terms, the ways in, and what they
/// ask for. Holds no secret, and is the same for every client.
#[utoipa::path(get, path = "/v1/page", operation_id = "read_page", tag = "page", responses(
    (status = 200, description = "To be cached for a minute", body = PageBody),
    (status = "default", description = "`internal`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn page(info: Data<PageInfo>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(header::ContentType::json())
        .insert_header((header::CACHE_CONTROL, CACHE))
        .body(info.json.clone())
}
