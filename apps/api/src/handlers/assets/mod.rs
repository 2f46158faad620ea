//! The pages and the components `<saoma-login>` and `<saoma-user>` that they are made of, all of it in the binary.

mod asset;
mod captcha;
mod component;
#[cfg(feature = "docs")]
pub(super) mod docs;
mod languages;
mod page;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, Resource, http::header, web::ServiceConfig};

use super::{Endpoint, PageInfo};
use crate::config::{Config, Part, VerifyFiles};
use asset::Asset;
use component::Component;
use page::LocalPage;

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
    component: Arc<Component>,
    /// The pages, by their paths.
    pages: Vec<(&'static str, Arc<LocalPage>)>,
    /// Whether something else than the way to the login page is at the root.
    has_root: bool,
    login_page: String,
    verify_files: Arc<VerifyFiles>,
    page_info: PageInfo,
}

impl Assets {
    /// Makes the files; the page offers what is configured.
    pub(crate) fn new(config: &Config) -> Self {
        let page_info = PageInfo::new(config);
        let mut files = vec![
            ("/saoma.js", Arc::new(Asset::shared(SCRIPT, component::entry(), Asset::SHORT))),
            ("/saoma-user.js", Arc::new(Asset::shared(SCRIPT, component::entry_of_user(), Asset::SHORT))),
            ("/saoma.d.ts", Arc::new(Asset::shared(PLAIN, COMPONENT_TYPES, Asset::SHORT))),
        ];
        let has_page = config.parts.has(Part::Page);
        if has_page {
            files.extend([
                ("/assets/login.css", Arc::new(Asset::own(STYLE, PAGE_STYLE))),
                ("/assets/login.js", Arc::new(Asset::own(SCRIPT, component::lean(PAGE_SCRIPT)))),
                ("/assets/favicon.svg", Arc::new(Asset::own("image/svg+xml", ICON))),
            ]);
        }
        files.extend(captcha::files(config).into_iter().map(|(path, asset)| (path, Arc::new(asset))));
        let page = |template: &page::Template| Arc::new(LocalPage::new(template, config, &page_info));
        let mut pages = Vec::new();
        if has_page {
            let login = page(&page::LOGIN);
            pages.extend([("/login", Arc::clone(&login)), ("/account", page(&page::ACCOUNT))]);
            if config.page_at_root {
                pages.push(("/", login));
            }
        }
        Self {
            files,
            component: Arc::new(Component::new()),
            pages,
            has_root: !has_page || config.page_at_root,
            login_page: config.mount.path("/login"),
            verify_files: Arc::new(config.wechat.verify_files.clone()),
            page_info,
        }
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
        config.service(self.component.resource());
        for (path, page) in &self.pages {
            config.service(page.resource(path));
        }
        if !self.has_root {
            config.service(self.to_login());
        }
    }

    /// Returns the paths of the files, the root of the service and the modules of the component aside.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        let pages = self.pages.iter().map(|(path, _)| *path).filter(|path| *path != "/");
        self.files.iter().map(|(path, _)| *path).chain(pages)
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
}

/// Writes a text for an attribute.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
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
    use crate::{config::Mount, handlers::site_files::SiteFiles};

    /// What the product promises for `/login` with all its files, before compression.
    const PAGE_LIMIT: usize = 60 * 1024;

    fn page(return_to: &str) -> String {
        let files = SiteFiles::default();
        page::page(
            &page::LOGIN,
            &Mount::default(),
            "zh-CN",
            &page::Around { return_to, info: "[1]", files: &files },
        )
    }

    #[test]
    fn the_page_and_its_component_are_light() {
        let page = page("");
        let script = component::lean(PAGE_SCRIPT);
        let own = [
            ("/login", page.as_str()),
            ("login.css", PAGE_STYLE),
            ("login.js", &script),
            ("favicon.svg", ICON),
        ];
        let largest = component::TEXTS.into_iter().max_by_key(|(_, text)| text.len());
        let modules = component::LOGIN.into_iter().chain(largest).chain(component::FORM);
        let modules = modules.map(|(name, source)| (name, component::lean(source)));
        let files: Vec<_> =
            own.map(|(name, text)| (name, text.to_owned())).into_iter().chain(modules).collect();
        let weight = files.iter().map(|(_, text)| text.len()).sum::<usize>();
        for (name, text) in &files {
            println!("{:>6} bytes  {name}", text.len());
        }
        println!("{weight:>6} bytes  in all");
        assert!(weight <= PAGE_LIMIT, "/login has {weight} bytes");
    }

    #[test]
    fn the_page_names_every_module_and_leaves_no_gap() {
        let page = page("https://shop.example.com/");
        let folder = component::folder();
        for (name, _) in component::LOGIN {
            let times = if name == "saoma.js" { 2 } else { 1 };
            assert_eq!(page.matches(&format!("{folder}/{name}\"")).count(), times, "{name}");
        }
        assert!(page.contains(&format!("{folder}/texts/zh-CN.js\"")) && !page.contains("texts/en.js"));
        assert!(page.contains("data-return-to=\"https://shop.example.com/\""));
        assert!(page.contains("<script type=\"application/json\" id=\"saoma-page\">[1]</script>"));
        assert!(!page.contains('{'), "{page}");
    }

    #[test]
    fn every_module_of_the_folder_is_served() {
        fn names(folder: &std::path::Path, under: &str, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let name = format!("{under}{}", entry.file_name().to_str().unwrap());
                if entry.path().is_dir() {
                    names(&entry.path(), &format!("{name}/"), found);
                } else {
                    found.push(name);
                }
            }
        }
        let mut there = Vec::new();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/web/saoma");
        names(std::path::Path::new(folder), "", &mut there);
        let mut served: Vec<_> = component::sources().map(|(name, _)| name.to_owned()).collect();
        there.sort();
        served.sort();
        assert_eq!(served, there);
    }

    #[test]
    fn modules_name_each_other_and_nothing_else() {
        for (module, source) in component::sources() {
            for word in ["require(", "innerHTML", "eval("] {
                assert!(!source.contains(word), "{module}: {word}");
            }
            let imports = source.split("import").skip(1).filter_map(|rest| {
                let quoted = rest.split_once('\'')?;
                (quoted.0.ends_with("from ") || quoted.0 == "(" || quoted.0 == " ").then_some(quoted.1)
            });
            for import in imports.filter_map(|rest| rest.split('\'').next()) {
                let folder = module.rsplit_once('/').map_or("", |(folder, _)| folder);
                let name = match import.strip_prefix("../") {
                    Some(name) => name.to_owned(),
                    None => format!("{folder}/{}", import.trim_start_matches("./"))
                        .trim_start_matches('/')
                        .to_owned(),
                };
                assert!(component::sources().any(|(each, _)| each == name), "{module} imports {import}");
            }
        }
    }

    #[test]
    fn a_lean_module_is_without_its_comments() {
        let source = "// About.\n\n/** One line. */\nexport const a = 1; // stays\n/**\n * Two\n * lines.\n */\n\tb();\n";
        assert_eq!(component::lean(source), "export const a = 1; // stays\nb();\n");
    }

    #[test]
    fn the_name_that_stays_leads_to_all_modules_at_once() {
        let entry = component::entry();
        assert_eq!(entry.lines().count(), component::LOGIN.len() + 1);
        assert!(entry.contains(&format!("export * from '.{}/saoma.js';", component::folder())));
    }
}
