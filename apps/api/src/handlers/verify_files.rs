//! `GET /MP_verify_….txt`, `GET /WW_verify_….txt`: by these WeChat sees that the domain is the operator's.

use std::{fs::File, io::Read, path::Path, sync::Arc};

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};

use super::Endpoint;
use crate::{
    config::VerifyFiles,
    problem::{ErrorCode, Problem},
};

/// WeChat's files have 16 characters.
const LONGEST: u64 = 4096;

/// Registers the endpoint, where files are configured.
pub(super) fn register(config: &mut ServiceConfig, files: &Arc<VerifyFiles>) {
    if **files == VerifyFiles::None {
        return;
    }
    let files = Arc::clone(files);
    let serve = move |name: web::Path<String>| {
        let files = Arc::clone(&files);
        async move { file(files, name.into_inner()).await }
    };
    config.service(Endpoint::at("/{name:(MP|WW)_verify_[A-Za-z0-9]+\\.txt}").get(serve).done());
}

async fn file(files: Arc<VerifyFiles>, name: String) -> Result<HttpResponse, Problem> {
    let text = match &*files {
        VerifyFiles::Texts(texts) => texts.get(&name).map(|text| text.clone().into_bytes()),
        VerifyFiles::Folder(folder) if VerifyFiles::is_name(&name) => {
            let path = folder.join(name);
            web::block(move || read(&path)).await.ok().flatten()
        }
        VerifyFiles::Folder(_) | VerifyFiles::None => None,
    };
    let text = text.ok_or_else(|| Problem::new(ErrorCode::NotFound, "there is no such file"))?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(text))
}

/// Reads a file anew each time, so that one that was put there just now is found.
fn read(path: &Path) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path).ok()?.take(LONGEST).read_to_end(&mut text).ok()?;
    Some(text)
}
