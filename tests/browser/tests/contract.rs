//! What the component promises in its types and its README is what its source has, and its texts are complete.

use std::collections::BTreeMap;

const TYPES: &str = include_str!("../../../apps/api/web/saoma.d.ts");
const README: &str = include_str!("../../../apps/api/web/README.md");
const MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../apps/api/web/saoma");

/// Returns the component's modules, by their names, but for its texts.
fn modules() -> BTreeMap<String, String> {
    ["", "views/"]
        .into_iter()
        .flat_map(|folder| {
            let entries = std::fs::read_dir(format!("{MODULES}/{folder}")).unwrap();
            entries.map(move |entry| (folder, entry.unwrap().path())).filter(|(_, path)| path.is_file())
        })
        .map(|(folder, path)| {
            let name = format!("{folder}{}", path.file_name().unwrap().to_str().unwrap());
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn source() -> String {
    modules().into_values().collect()
}

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

fn has_word(source: &str, name: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    source.match_indices(name).any(|(at, _)| {
        !source[..at].ends_with(part_of_word) && !source[at + name.len()..].starts_with(part_of_word)
    })
}

#[test]
fn every_attribute_of_the_readme_is_read() {
    let source = source();
    let rows = README.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 11, "{rows:?}");
    for attribute in rows {
        let read = source.contains(&format!("attr('{attribute}')"))
            || source.contains(&format!("hasAttribute('{attribute}')"))
            || source.contains(&format!("[{attribute}]"))
            || source.contains(&format!("[{attribute}="));
        assert!(read, "{attribute}");
    }
}

#[test]
fn every_state_and_event_of_the_types_is_in_the_source() {
    let source = source();
    let states = typed("type SaomaState =", "/** The state, with");
    assert_eq!(states.len(), 12, "{states:?}");
    for state in states {
        assert!(source.contains(&format!("'{state}'")), "{state}");
    }
    for event in typed("interface SaomaEventMap", "/** What the attributes") {
        let name = event.strip_prefix("saoma:").unwrap();
        assert!(source.contains(&format!("fire('{name}'")), "{event}");
        assert!(README.contains(event), "{event}");
    }
    for field in ["texts", "page", "request_id", "status", "code"] {
        assert!(TYPES.contains(field) && has_word(&source, field), "{field}");
    }
}

#[test]
fn every_part_and_custom_property_of_the_readme_is_in_the_source() {
    let source = source();
    let (properties, parts): (Vec<&str>, Vec<&str>) = promised("Looks")
        .into_iter()
        .filter(|word| !word.contains(['{', '\n']))
        .partition(|word| word.starts_with("--"));
    assert!(properties.len() >= 8 && parts.len() >= 30, "{properties:?} {parts:?}");
    for name in properties {
        assert!(source.contains(&format!("{name}:")), "{name}");
    }
    for part in parts {
        assert!(has_word(&source, part), "{part}");
    }
}

#[test]
fn every_part_that_is_drawn_is_in_the_readme() {
    const INNER: [&str; 7] = ["chat", "quick", "unseen", "alert", "covered", "saved", "tab"];
    for (module, source) in modules() {
        for drawn in ["el('", ".p('", "el(`"] {
            for (at, _) in source.match_indices(drawn) {
                let name = source[at + drawn.len()..].split(['\'', '`']).next().unwrap();
                for part in name.split('.').skip(1).filter(|part| !part.contains(['$', '{', '}'])) {
                    let known = INNER.contains(&part) || README.contains(&format!("`{part}`"));
                    assert!(known, "{module}: {part}");
                }
            }
        }
    }
}

/// Returns the texts of a language by their keys: those of every page.
fn texts(language: &str) -> BTreeMap<String, String> {
    let file = |folder: &str| std::fs::read_to_string(format!("{MODULES}/{folder}/{language}.js")).unwrap();
    let source = file("texts") + file("texts/account").as_str() + file("texts/rare").as_str();
    let lines = source.lines().filter_map(|line| line.strip_prefix('\t')?.strip_suffix(','));
    lines
        .map(|line| {
            let (key, text) = line.split_once(": ").unwrap_or((line, ""));
            let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
            assert!(text.is_some(), "{language}: {line}");
            (key.to_owned(), text.unwrap_or_default().to_owned())
        })
        .collect()
}

/// Returns the gaps of a text.
fn gaps(text: &str) -> Vec<&str> {
    let mut gaps: Vec<_> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
    gaps.sort_unstable();
    gaps
}

#[test]
fn every_text_is_in_all_three_languages() {
    let english = texts("en");
    assert!(english.len() > 100, "{}", english.len());
    for language in ["zh-CN", "zh-TW"] {
        let chinese = texts(language);
        assert!(english.keys().eq(chinese.keys()), "{language}: {:?}", difference(&english, &chinese));
        for (key, text) in &chinese {
            assert_eq!(gaps(text), gaps(&english[key]), "{language}: {key}");
            assert!(!text.is_ascii(), "{language}: {key}");
        }
    }
    for (key, text) in &english {
        assert!(text.chars().all(|c| c.is_ascii() || "’“”…".contains(c)), "{key}: {text}");
    }
}

fn difference(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>) -> Vec<String> {
    let missing = |of: &BTreeMap<String, String>, to: &BTreeMap<String, String>| {
        of.keys().filter(|key| !to.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    [missing(left, right), missing(right, left)].concat()
}

/// Words and characters that only the other side of the strait writes.
#[test]
fn each_chinese_is_written_as_its_readers_write_it() {
    for (language, strange) in [
        ("zh-CN", &["登入", "掃", "簡訊", "號", "連結", "網路", "帳", "請", "裡", "這", "訊"][..]),
        ("zh-TW", &["登录", "扫", "短信", "号", "链接", "网络", "账", "请", "这", "帐", "屏幕", "服务"]),
    ] {
        for (key, text) in texts(language) {
            for word in strange {
                assert!(!text.contains(word), "{language}: {key}: {text}");
            }
        }
    }
}

#[test]
fn every_text_is_used() {
    let source = source();
    // A problem's code comes from the service, the ways and the regions by their names.
    for key in texts("en").into_keys() {
        let ends = ["_do", "_title", "_why", "_sure", "_done"];
        let stem = ends.iter().find_map(|end| key.strip_suffix(end)).unwrap_or(&key);
        let built = ["way_", "region_", "channel_", "add_"].iter().any(|start| key.starts_with(start));
        let of_problem = saoma_code(stem);
        assert!(
            built || of_problem || [stem, &key].iter().any(|word| source.contains(&format!("'{word}'"))),
            "{key}"
        );
    }
}

/// Returns whether it is a problem's code of the contract, or how a login ends.
fn saoma_code(word: &str) -> bool {
    [
        "internal",
        "wechat_unavailable",
        "wechat_refused",
        "wechat_code_invalid",
        "snapshot",
        "account_disabled",
        "registration_closed",
        "rate_limited",
        "oauth_state_invalid",
        "return_to_refused",
        "not_found",
        "check_failed",
        "consent_required",
        "phone_invalid",
        "phone_taken",
        "sms_code_wrong",
        "sms_code_expired",
        "sms_unavailable",
        "last_identity",
        "account_conflict",
        "identity_too_new",
        "scan_required",
        "origin_refused",
        "denied",
        "offline",
    ]
    .contains(&word)
}
