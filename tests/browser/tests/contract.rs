//! What the component promises in its types and its README is what its source has.

const SOURCE: &str = include_str!("../../../apps/api/web/saoma.js");
const TYPES: &str = include_str!("../../../apps/api/web/saoma.d.ts");
const README: &str = include_str!("../../../apps/api/web/README.md");

/// Returns the words between back quotes in the lines of a chapter of the README.
fn promised(chapter: &str) -> Vec<&'static str> {
    let (_, rest) = README.split_once(&format!("\n## {chapter}\n")).unwrap();
    let chapter = rest.split("\n## ").next().unwrap();
    chapter.split('`').skip(1).step_by(2).collect()
}

/// Returns the words between single quotes of a part of the types.
fn typed(from: &str, to: &str) -> Vec<&'static str> {
    let (_, rest) = TYPES.split_once(from).unwrap();
    let lines = rest.split_once(to).unwrap().0.lines().map(|line| line.split("//").next().unwrap());
    lines.flat_map(|line| line.split('\'').skip(1).step_by(2)).collect()
}

fn source_has(name: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    SOURCE.match_indices(name).any(|(at, _)| {
        !SOURCE[..at].ends_with(part_of_word) && !SOURCE[at + name.len()..].starts_with(part_of_word)
    })
}

#[test]
fn every_attribute_of_the_readme_is_read() {
    let rows = README.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 9, "{rows:?}");
    for attribute in rows {
        let read = SOURCE.contains(&format!("attr('{attribute}')"))
            || SOURCE.contains(&format!("[{attribute}]"))
            || SOURCE.contains(&format!("[{attribute}="));
        assert!(read, "{attribute}");
    }
}

#[test]
fn every_state_and_event_of_the_types_is_in_the_source() {
    let states = typed("type SaomaState =", "/** The state, with");
    assert_eq!(states.len(), 8, "{states:?}");
    for state in states {
        assert!(SOURCE.contains(&format!("'{state}'")), "{state}");
    }
    for event in typed("interface SaomaEventMap", "export class") {
        let name = event.strip_prefix("saoma:").unwrap();
        assert!(SOURCE.contains(&format!("fire('{name}'")), "{event}");
        assert!(README.contains(event), "{event}");
    }
    for field in ["texts", "request_id", "status", "code"] {
        assert!(TYPES.contains(field) && source_has(field), "{field}");
    }
}

#[test]
fn every_part_and_custom_property_of_the_readme_is_in_the_source() {
    let (properties, parts): (Vec<&str>, Vec<&str>) = promised("Looks")
        .into_iter()
        .filter(|word| !word.contains(['{', '\n']))
        .partition(|word| word.starts_with("--"));
    assert!(properties.len() >= 7 && parts.len() >= 17, "{properties:?} {parts:?}");
    for name in properties {
        assert!(SOURCE.contains(&format!("{name}:")), "{name}");
    }
    for part in parts {
        assert!(source_has(part), "{part}");
    }
}

#[test]
fn every_part_that_is_drawn_is_in_the_readme() {
    for drawn in ["el('", "p('", "el(`"] {
        for (at, _) in SOURCE.match_indices(drawn) {
            let name = SOURCE[at + drawn.len()..].split(['\'', '`']).next().unwrap();
            for part in name.split('.').skip(1).filter(|part| !part.contains('$')) {
                let inner = ["unseen", "scanned", "alert"].contains(&part);
                assert!(inner || README.contains(&format!("`{part}`")), "{part}");
            }
        }
    }
}

#[test]
fn every_text_is_in_both_languages() {
    let texts = SOURCE.split_once("Object.fromEntries(`\n").unwrap().1.split_once("\n`").unwrap().0;
    let lines: Vec<_> = texts.lines().collect();
    assert!(lines.len() > 40);
    for line in lines {
        let (key, text) = line.split_once('=').unwrap();
        assert!(!text.contains('='), "{key}: the key ends at the one sign");
        let [english, chinese] = text.split('|').collect::<Vec<_>>().try_into().unwrap();
        let gaps = |text: &str| text.matches('{').count();
        assert_eq!(gaps(english), gaps(chinese), "{line}");
        assert!(english.is_ascii() || english.contains('’'), "{line}");
        assert!(!chinese.is_ascii(), "{line}");
    }
}
