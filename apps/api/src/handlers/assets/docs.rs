//! `GET /docs`: a guide and the description of the API as a page; only with the feature `docs`.

use std::sync::Arc;

use actix_web::{
    HttpRequest, ResponseError,
    web::{Path, ServiceConfig},
};

use super::{HTML, SCRIPT, STYLE, asset::Asset, component::lean, served};
use crate::{
    config::Mount,
    handlers::Endpoint,
    problem::{ErrorCode, Problem},
};

const PAGE: &str = include_str!("../../../web/docs/docs.html");

macro_rules! files {
    ($($name:literal $kind:ident),* $(,)?) => { [$(($name, $kind, include_str!(concat!("../../../web/docs/", $name)))),*] };
}

/// What the page loads, by the names in its folder.
const FILES: [(&str, &str, &str); 7] = files![
    "docs.css" STYLE,
    "docs.js" SCRIPT,
    "operation.js" SCRIPT,
    "schema.js" SCRIPT,
    "try.js" SCRIPT,
    "words.js" SCRIPT,
    "guide.js" SCRIPT,
];

/// What the page takes of the component.
const DOM: &str = include_str!("../../../web/saoma/dom.js");

pub(in crate::handlers) fn register(config: &mut ServiceConfig, mount: &Mount) {
    let page = Arc::new(Asset::own(HTML, page(mount)));
    let mut files: Vec<_> = FILES.into_iter().map(|(name, kind, text)| (name, asset(kind, text))).collect();
    files.push(("dom.js", asset(SCRIPT, DOM)));
    let files = Arc::new(files);
    let named = Arc::clone(&page);
    let serve = move |request: HttpRequest, name: Path<String>| {
        let found = files.iter().find(|(each, _)| *each == name.as_str());
        let answer = match found {
            Some((_, asset)) => asset.answer(&request),
            // The address with a slash at its end.
            None if name.is_empty() => named.answer(&request),
            None => Problem::new(ErrorCode::NotFound, "the documentation has no such file").error_response(),
        };
        async move { answer }
    };
    config.service(served("/docs", page)).service(Endpoint::at("/docs/{file:.*}").get(serve).done());
}

fn asset(kind: &'static str, text: &str) -> Asset {
    Asset::own(kind, if kind == SCRIPT { lean(text) } else { text.to_owned() })
}

/// Returns the page of a service that is mounted somewhere.
fn page(mount: &Mount) -> String {
    PAGE.replace("\"/", &format!("\"{mount}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the page may weigh with its files, the description of the API aside, before compression.
    const LIMIT: usize = 48 * 1024;

    #[test]
    fn the_page_is_light_and_names_its_files() {
        let page = page(&Mount::default());
        let weight: usize =
            FILES.iter().map(|(_, _, text)| text.len()).sum::<usize>() + page.len() + DOM.len();
        println!("{weight} bytes");
        assert!(weight <= LIMIT, "/docs has {weight} bytes");
        for (name, _, _) in FILES.iter().filter(|(name, _, _)| name.starts_with("docs.")) {
            assert!(page.contains(&format!("\"/docs/{name}\"")), "{name}");
        }
    }
}
