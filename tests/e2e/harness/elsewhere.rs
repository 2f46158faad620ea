//! Spellings of addresses that lead elsewhere, or that some reader might take so.

/// One a line, escapes as in JSON; the unit tests read them too.
const ELSEWHERE: &str = include_str!("../../vectors/open_redirects.txt");

/// Returns the spellings of elsewhere to which no browser may be sent.
pub(crate) fn spellings_of_elsewhere() -> Vec<String> {
    let lines = ELSEWHERE.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let spellings: Vec<String> =
        lines.map(|line| serde_json::from_str(&format!("\"{line}\"")).unwrap()).collect();
    assert!(spellings.len() >= 170, "{}", spellings.len());
    spellings
}
