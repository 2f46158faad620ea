//! The keys of a `[[wechat.apps]]` section that say which page of a mini program the codes of logins open.

use saoma_domain::wechat::AppKind;
use saoma_wechat::client::{LoginPage, MiniProgramVersion};

use super::section::Section;

const VERSIONS: &[(&str, MiniProgramVersion)] = &[
    ("release", MiniProgramVersion::Release),
    ("trial", MiniProgramVersion::Trial),
    ("develop", MiniProgramVersion::Develop),
];

/// The longest path that is taken; those of WeChat's own documentation have some twenty characters.
const MOST_CHARACTERS: usize = 128;

pub(super) fn read(section: &mut Section<'_>, kind: AppKind) -> Option<LoginPage> {
    if kind != AppKind::MiniProgram {
        for key in ["login_page", "login_page_version"] {
            if section.has(key) {
                section.problem(key, "only the code of a mini program opens a page");
            }
        }
    }
    let has_version = section.has("login_page_version");
    let version = section.choice("login_page_version", VERSIONS, MiniProgramVersion::Release);
    let Some(path) = section.text("login_page") else {
        if has_version && kind == AppKind::MiniProgram {
            section.problem("login_page", "missing: the page that `login_page_version` is about");
        }
        return None;
    };
    if let Some(problem) = problem_of(&path) {
        section.problem("login_page", problem);
        return None;
    }
    Some(LoginPage { path, version })
}

/// Returns what WeChat would not take about a path.
fn problem_of(path: &str) -> Option<&'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"/_-.".contains(&byte);
    if path.starts_with('/') {
        Some(
            "has to be as in the program's app.json, without a slash at the start, such as `pages/login/login`",
        )
    } else if path.contains(['?', '#']) {
        Some(
            "cannot have parameters: the login's id is the scene of the code, which the page gets as `scene`",
        )
    } else if path.len() > MOST_CHARACTERS || path.ends_with('/') || !path.bytes().all(fits) {
        Some("has to be 1 to 128 characters of A-Z, a-z, 0-9, /, -, _ and ., such as `pages/login/login`")
    } else {
        None
    }
}
