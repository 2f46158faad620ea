//! The documentation: its links lead somewhere, and its commands work or are marked as not run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::harness::PATIENCE;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Returns every page: those of `docs/zh` and `docs/en`, and the two at the front.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![PathBuf::from(ROOT).join("README.md"), PathBuf::from(ROOT).join("README.zh-CN.md")];
    for folder in ["docs/zh", "docs/en", "docs/zh/integrations", "docs/en/integrations"] {
        let folder = fs::read_dir(PathBuf::from(ROOT).join(folder)).unwrap();
        pages.extend(folder.map(|entry| entry.unwrap().path()));
    }
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages
}

#[test]
fn every_link_to_a_file_leads_to_one() {
    let mut links = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            let path = target.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            links += 1;
            let found = page.parent().unwrap().join(path);
            assert!(found.exists(), "{}: {target}", page.display());
        }
    }
    assert!(links > 50, "{links}");
}

#[test]
fn both_languages_have_the_same_pages() {
    let names = |language: &str| {
        let folder = PathBuf::from(ROOT).join("docs").join(language);
        let all = pages().into_iter().filter_map(|page| Some(page.strip_prefix(&folder).ok()?.to_owned()));
        let mut names: Vec<PathBuf> = all.collect();
        names.sort();
        names
    };
    let (zh, en) = (names("zh"), names("en"));
    for name in &zh {
        assert!(en.contains(name), "{} has no English page", name.display());
    }
}

/// A block of commands, and whether it says that it is run.
struct Commands {
    page: PathBuf,
    text: String,
    is_run: bool,
}

/// Returns the blocks of shell commands of the pages in `docs`.
fn commands() -> Vec<Commands> {
    let mut found = Vec::new();
    let docs = PathBuf::from(ROOT).join("docs");
    for page in pages().into_iter().filter(|page| page.starts_with(&docs)) {
        let text = fs::read_to_string(&page).unwrap();
        let mut parts = text.split("```sh\n");
        let mut before = parts.next().unwrap();
        for part in parts {
            let mark = before.trim_end().lines().last().unwrap_or_default().trim_start();
            let is_run = mark == "<!-- run -->" || mark == "<!-- 运行 -->";
            let is_marked = is_run || mark.starts_with("<!-- not run: ") || mark.starts_with("<!-- 未运行：");
            let block = part.split("```").next().unwrap();
            // Pages of other parts of the product have their own tests.
            if is_marked {
                found.push(Commands { page: page.clone(), text: block.to_owned(), is_run });
            }
            before = part;
        }
    }
    found
}

#[tokio::test]
async fn the_commands_that_say_so_are_run() {
    let program = Path::new(env!("CARGO_BIN_EXE_saoma")).parent().unwrap();
    let commands = commands();
    assert!(commands.iter().filter(|block| block.is_run).count() >= 6);
    for Commands { page, text, is_run } in commands {
        if !is_run {
            continue;
        }
        let dir = tempfile::tempdir().unwrap();
        let mut shell = tokio::process::Command::new("sh");
        shell.args(["-e", "-c", &text]).current_dir(dir.path()).kill_on_drop(true);
        shell.env("PATH", format!("{}:{}", program.display(), std::env::var("PATH").unwrap()));
        let output = tokio::time::timeout(PATIENCE, shell.output()).await.expect("it ends").unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {text}: {said}", page.display());
    }
}

#[test]
fn every_recipe_stands_once_and_those_that_are_spoken_of_exist() {
    let text = fs::read_to_string(PathBuf::from(ROOT).join("justfile")).unwrap();
    let is_recipe =
        |line: &&str| line.contains(':') && line.starts_with(|first: char| first.is_ascii_lowercase());
    let name = |line: &str| line.split([' ', ':']).next().unwrap_or_default().to_owned();
    let recipes: Vec<String> = text.lines().filter(is_recipe).map(name).collect();
    assert!(recipes.len() > 15, "{recipes:?}");
    for (at, recipe) in recipes.iter().enumerate() {
        assert!(!recipes[..at].contains(recipe), "`{recipe}` stands twice, so `just` does nothing at all");
    }
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for spoken_of in text.split("`just ").skip(1).map(|rest| rest.split(['`', ' ']).next().unwrap()) {
            assert!(recipes.iter().any(|recipe| recipe == spoken_of), "{}: {spoken_of}", page.display());
        }
    }
}
