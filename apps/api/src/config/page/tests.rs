//! Reading the section `[page]`.

use std::{fs, path::Path};

use tempfile::TempDir;
use toml::Table;

use super::*;
use crate::config::ConfigProblem;

fn read_text(text: &str) -> (PageConfig, Vec<String>) {
    let mut problems: Vec<ConfigProblem> = Vec::new();
    let table: Table = text.parse().unwrap();
    let mut section = Section::new("page", table, &mut problems);
    let page = read(&mut section);
    section.finish();
    (page, problems.iter().map(ToString::to_string).collect())
}

fn fine(text: &str) -> PageConfig {
    let (page, problems) = read_text(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    page
}

fn wrong(text: &str, expected: &str) {
    let (_, problems) = read_text(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    assert!(problems[0].starts_with(expected), "{problems:?}");
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn file_key(key: &str, folder: &Path, name: &str) -> String {
    format!("{key} = {:?}", folder.join(name).display().to_string())
}

#[test]
fn without_the_section_there_are_three_languages_and_nothing_else() {
    let page = fine("");
    let tags: Vec<_> = page.languages.iter().map(|language| language.tag.as_str()).collect();
    assert_eq!(tags, ["zh-CN", "zh-TW", "en"]);
    assert!(page.site_name.is_none() && page.logo.is_none() && page.footer.is_empty());
    assert_eq!((page.terms, page.colors), (None, PageColors::default()));
}

#[test]
fn white_text_on_the_accent_can_be_read() {
    for (text, contrast) in [("#07c160", "2.3"), ("#FFFF00", "1.0"), ("#fff", "1.0"), ("#777778", "4.4")] {
        let accent: Color = text.parse().unwrap();
        let problem = format!("page.accent: white text on {accent} has a contrast of {contrast}:1");
        wrong(&format!("accent = {text:?}"), &problem);
        let (_, problems) = read_text(&format!("accent = {text:?}"));
        let better = problems[0].rsplit_once("; ").unwrap().1.strip_suffix(" has it").unwrap();
        fine(&format!("accent = {better:?}"));
    }
    for text in ["#067d40", "#1456C8", "#c00", "#000000", "#767676"] {
        let accent = fine(&format!("accent = {text:?}")).colors.accent.unwrap();
        let on_dark = accent.on_dark();
        let (dark_card, white) = ("#1e1e1e".parse().unwrap(), "#fff".parse().unwrap());
        assert!(on_dark.contrast(dark_card) >= 3.0, "{text}: {on_dark} is seen on the dark card");
        assert!(on_dark.contrast(white) >= 4.5, "{text}: white text on {on_dark} can be read");
    }
    for text in ["green", "#12345", "#gggggg", "07c160", "#1234567"] {
        wrong(
            &format!("accent = {text:?}"),
            &format!("page.accent: `{text}` is not usable: a colour is written as"),
        );
    }
}

#[test]
fn text_on_the_background_can_be_read() {
    for (text, expected) in [("#fff", "#1a1a1a"), ("#101820", "#ffffff"), ("#ffe8cc", "#1a1a1a")] {
        let ground = fine(&format!("background = {text:?}")).colors.background.unwrap();
        assert_eq!(ground.text_on().to_string(), expected);
    }
    wrong("background = \"#7a7a7a\"", "page.background: neither dark nor white text can be read on #7a7a7a");
}

#[test]
fn files_are_told_by_what_is_in_them_and_named_by_it() {
    let png: &[u8] = b"\x89PNG\r\n\x1a\nx";
    let folder = folder(&[
        ("logo.png", png),
        ("other.svg", png),
        ("logo.svg", b"\xef\xbb\xbf<?xml version=\"1.0\"?><svg/>"),
        ("tab.ico", &[0, 0, 1, 0, 1]),
        ("page.html", b"<html>"),
        ("empty.css", b""),
        ("site.css", "a { color: red } /* 中 */".as_bytes()),
        ("latin.css", b"/* \xe9 */"),
        ("large.png", &[png, &[0; 262_144]].concat()),
    ]);
    let page = |key: &str, name: &str| fine(&file_key(key, folder.path(), name));
    let logo = page("logo", "logo.png").logo.unwrap();
    assert_eq!((logo.kind, logo.hash.len()), ("image/png", 16));
    assert_eq!(page("logo_dark", "other.svg").logo_dark.unwrap(), logo, "the name says nothing");
    assert_eq!(page("logo", "logo.svg").logo.unwrap().kind, "image/svg+xml");
    assert_eq!(page("favicon", "tab.ico").favicon.unwrap().kind, "image/x-icon");
    assert_eq!(page("css", "site.css").css.unwrap().extension, "css");
    let problem = |key: &str, name: &str, expected: &str| {
        wrong(&file_key(key, folder.path(), name), &format!("page.{key}: the file {expected}"));
    };
    problem("logo", "page.html", "is no picture");
    problem("logo", "tab.ico", "is no picture");
    problem("css", "latin.css", "is not written in UTF-8");
    for (key, name) in [("logo", "none.png"), ("css", "empty.css"), ("logo", "large.png")] {
        problem(key, name, "`");
    }
}

#[test]
fn who_has_to_agree_agrees_to_a_version() {
    let terms = fine("consent = \"required\"\nversion = \"2026-11\"").terms.unwrap();
    assert_eq!((terms.required, terms.version.as_str()), (true, "2026-11"));
    assert!(!fine("version = \"1\"").terms.unwrap().required);
    wrong("consent = \"required\"", "page.version: missing");
    wrong("version = \"a b\"", "page.version: `a b` has to be 1 to 32 characters");
    wrong("consent = \"required\"\nversion = \"/\"", "page.version: `/` has to be");
    wrong("consent = \"asked\"", "page.consent: `asked` is none of `off`, `required`");
}

#[test]
fn links_lead_to_pages_and_help_to_people_too() {
    let page = fine(
        "terms_url = \"https://a.example/t\"\nprivacy_url = \"/privacy\"\nhelp_url = \"tel:+864001234567\"\n\
         footer = [{text = \"沪ICP备00000000号\", url = \"https://beian.miit.gov.cn/\"}, {text = \"© 优品\"}]",
    );
    assert_eq!((page.footer.len(), page.privacy_url.as_deref()), (2, Some("/privacy")));
    for link in ["terms", "//evil.example", "javascript:alert(1)", "mailto:a@b.example", "/a b"] {
        wrong(&format!("terms_url = {link:?}"), "page.terms_url: has to be an http or https URL");
    }
    wrong("help_url = \"data:,x\"", "page.help_url: has to be an http, https, mailto or tel URL");
    wrong("footer = [{url = \"/a\"}]", "page.footer[0].text: missing");
    wrong("footer = [{text = \"a\", href = \"/a\"}]", "page.footer[0].href: unknown key; did you mean");
}

#[test]
fn any_language_is_a_file() {
    let folder = folder(&[
        ("ja.json", r#"{"title": "ログイン"}"#.as_bytes()),
        ("en.json", br#"{"title": "Come in"}"#),
        ("ko.json", br#"{"title": 1}"#),
        ("fr.json", b"{"),
    ]);
    let texts = format!("texts = {:?}\n", folder.path().display().to_string());
    let page = fine(&format!("{texts}languages = [\"ja\", \"zh-CN\", \"en\"]"));
    let with: Vec<_> = page.languages.iter().map(|language| language.texts.is_some()).collect();
    assert_eq!(with, [true, false, true], "a language that ships needs no file and may have one");
    wrong("languages = [\"ja\"]", "page.languages: `ja` does not ship");
    wrong("languages = [\"en\", \"en\"]", "page.languages: `en` stands there twice");
    wrong("languages = [\"../x\"]", "page.languages: `../x` is no language tag");
    wrong("texts = \"/nowhere\"", "page.texts: `/nowhere` is no folder");
    for (tag, problem) in
        [("ko", "every value has to be a text"), ("fr", "is no JSON object"), ("de", "cannot be read")]
    {
        let (_, problems) = read_text(&format!("{texts}languages = [{tag:?}]"));
        assert!(problems.len() == 1 && problems[0].contains(problem), "{problems:?}");
    }
}
