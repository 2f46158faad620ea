//! The guide: what it shows is in the shop, in its tests, or in the test of an adapter, so that it compiles and does what the
//! guide says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fs, path::Path};

/// Returns the blocks of Rust in a page of the guide.
fn blocks(language: &str) -> Vec<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../docs/{language}/embedding.md"));
    let text = fs::read_to_string(page).unwrap();
    let blocks = text.split("```rust\n").skip(1);
    blocks.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// Returns every file of the shop and of its tests, and the test of the adapters in memory.
fn files() -> Vec<String> {
    let folders = ["src", "tests", "../../crates/memory/tests"];
    let folders = folders.map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let files = files.map(|file| file.unwrap().path());
    files.filter(|file| file.is_file()).map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// Returns whether a file has the lines of a block in their order. Between them may be more: a page shortens.
fn has(file: &str, block: &str) -> bool {
    let mut lines = file.lines().map(str::trim);
    let mut wanted = block.lines().map(str::trim).filter(|line| !line.is_empty());
    wanted.all(|line| lines.any(|known| known == line))
}

#[test]
fn every_piece_of_code_is_in_the_shop() {
    let files = files();
    for block in blocks("en") {
        assert!(files.iter().any(|file| has(file, &block)), "no file has this:\n{block}");
    }
}

#[test]
fn both_languages_show_the_same_code() {
    assert_eq!(blocks("zh"), blocks("en"));
    assert!(blocks("en").len() > 10);
}
