//! The login page and the component `<saoma-login>` that it is made of, all of it in the binary.

mod asset;
mod page;

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, Resource,
    http::header,
    web::{Path, ServiceConfig},
};

use super::{Endpoint, PageInfo};
use crate::config::{Config, Part, VerifyFiles};
use asset::{Asset, content_hash};

const COMPONENT: &str = include_str!("../../../web/saoma.js");
const COMPONENT_TYPES: &str = include_str!("../../../web/saoma.d.ts");
const PAGE_STYLE: &str = include_str!("../../../web/login.css");
const PAGE_SCRIPT: &str = include_str!("../../../web/login.js");
const ICON: &str = include_str!("../../../web/favicon.svg");

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";

/// The files of the login page, which all workers share.
pub(crate) struct Assets {
    files: Vec<(&'static str, Arc<Asset>)>,
    /// The component for a page that knows it by this content, and for a page of another version.
    component: [Arc<Asset>; 2],
    page_at_root: bool,
    verify_files: Arc<VerifyFiles>,
    has_page: bool,
    login_page: String,
    page_info: PageInfo,
}

impl Assets {
    /// Makes the files; the page offers what is configured.
    pub(crate) fn new(config: &Config) -> Self {
        let (channels, return_to) = (page::channels(config), page::return_to_allowed(config));
        let page_info = PageInfo::new(config);
        let page = page::page(&config.mount, &component_path(), &channels, &return_to, &page_info.inline());
        let page = Arc::new(Asset::own(HTML, page));
        let mut files = vec![
            ("/saoma.js", Arc::new(Asset::shared(SCRIPT, COMPONENT, Asset::SHORT))),
            ("/saoma.d.ts", Arc::new(Asset::shared(PLAIN, COMPONENT_TYPES, Asset::SHORT))),
        ];
        let has_page = config.parts.has(Part::Page);
        if has_page {
            files.extend([
                ("/assets/login.css", Arc::new(Asset::own(STYLE, PAGE_STYLE))),
                ("/assets/login.js", Arc::new(Asset::own(SCRIPT, PAGE_SCRIPT))),
                ("/assets/favicon.svg", Arc::new(Asset::own("image/svg+xml", ICON))),
                ("/login", Arc::clone(&page)),
            ]);
        }
        if has_page && config.page_at_root {
            files.push(("/", page));
        }
        let component =
            [Asset::FOREVER, Asset::CHECKED].map(|cache| Arc::new(Asset::shared(SCRIPT, COMPONENT, cache)));
        let (page_at_root, login_page) = (config.page_at_root, config.mount.path("/login"));
        let verify_files = Arc::new(config.wechat.verify_files.clone());
        Self { files, component, page_at_root, has_page, login_page, verify_files, page_info }
    }

    /// Returns the files by which WeChat sees whose domain it is.
    pub(crate) fn verify_files(&self) -> &Arc<VerifyFiles> {
        &self.verify_files
    }

    /// Returns what a page needs to draw itself.
    pub(crate) fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// Registers the endpoints that serve the files.
    pub(crate) fn register(&self, config: &mut ServiceConfig) {
        for (path, asset) in &self.files {
            config.service(served(path, Arc::clone(asset)));
        }
        config.service(self.component_by_content());
        if self.has_page && !self.page_at_root {
            config.service(self.to_login());
        }
    }

    /// Returns the paths of the files, the root of the service aside.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(path, _)| *path).filter(|path| *path != "/")
    }

    /// Sends browsers from the root to the login page.
    fn to_login(&self) -> Resource {
        let page = self.login_page.clone();
        let answer = move || {
            let answer = HttpResponse::Found().insert_header((header::LOCATION, page.as_str())).finish();
            async move { answer }
        };
        Endpoint::at("/").get(answer).done()
    }

    /// Serves the component under the name that the page knows it by. While a site is updated, a page of another version
    /// may ask for its own component: it gets this one, to be cached for no time.
    fn component_by_content(&self) -> Resource {
        let (present, files) = (content_hash(COMPONENT), self.component.clone());
        let serve = move |request: HttpRequest, asked: Path<String>| {
            let [forever, checked] = &files;
            let answer = if *asked == present { forever } else { checked }.answer(&request);
            async move { answer }
        };
        Endpoint::at("/saoma-{hash:[0-9a-f]{16}}.js").get(serve).done()
    }
}

/// Returns the path that names the component by its content.
fn component_path() -> String {
    format!("/saoma-{}.js", content_hash(COMPONENT))
}

fn served(path: &str, asset: Arc<Asset>) -> Resource {
    let serve = move |request: HttpRequest| {
        let answer = asset.answer(&request);
        async move { answer }
    };
    Endpoint::at(path).get(serve).done()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Mount;

    /// What the product promises, before compression.
    const COMPONENT_LIMIT: usize = 20_000;
    const PAGE_LIMIT: usize = 40 * 1024;

    #[test]
    fn the_page_and_its_component_are_light() {
        let page =
            page::page(&Mount::default(), &component_path(), "official_account in_wechat website", "", "{}");
        let files = [
            ("/login", page.as_str()),
            ("login.css", PAGE_STYLE),
            ("login.js", PAGE_SCRIPT),
            ("favicon.svg", ICON),
            ("saoma.js", COMPONENT),
        ];
        let weight = files.iter().map(|(_, text)| text.len()).sum::<usize>();
        for (name, text) in files {
            println!("{:>6} bytes  {name}", text.len());
        }
        println!("{weight:>6} bytes  in all");
        assert!(COMPONENT.len() <= COMPONENT_LIMIT, "saoma.js has {} bytes", COMPONENT.len());
        assert!(weight <= PAGE_LIMIT, "/login has {weight} bytes");
    }

    #[test]
    fn the_page_names_every_file_once_and_leaves_no_gap() {
        let component = component_path();
        let page =
            page::page(&Mount::default(), &component, "official_account", "https://shop.example.com/", "[1]");
        assert_eq!(page.matches(&component).count(), 2, "it is loaded early, and run");
        assert!(page.contains("channels=\"official_account\""));
        assert!(page.contains("data-return-to=\"https://shop.example.com/\""));
        assert!(page.contains("<script type=\"application/json\" id=\"saoma-page\">[1]</script>"));
        assert!(!page.contains('{'), "{page}");
    }

    #[test]
    fn the_component_needs_nothing_but_itself() {
        for word in ["import ", "import(", "require(", "innerHTML", "eval("] {
            assert!(!COMPONENT.contains(word), "{word}");
        }
    }
}
