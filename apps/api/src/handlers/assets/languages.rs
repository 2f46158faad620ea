//! Which language of a page a person reads best.

/// Returns the language out of those offered that fits `asked` best; where none does, English or else the first one.
/// `asked` is a tag, or several as `Accept-Language` lists them.
pub(super) fn fitting<'a>(asked: &str, offered: &[&'a str]) -> &'a str {
    let mut wanted: Vec<(&str, u16)> = asked.split(',').filter_map(weighed).collect();
    // What is wanted alike stays in its order.
    wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let found = wanted.iter().find_map(|(tag, _)| one(tag, offered));
    let english = || offered.iter().find(|each| **each == "en").copied();
    found.or_else(english).or_else(|| offered.first().copied()).unwrap_or("en")
}

/// Reads a tag with its weight, in thousandths.
fn weighed(entry: &str) -> Option<(&str, u16)> {
    let (tag, rest) = entry.split_once(';').unwrap_or((entry, "q=1"));
    let weight: f32 = rest.trim().strip_prefix("q=")?.parse().ok()?;
    let thousandths = (weight.clamp(0.0, 1.0) * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is at most 1000")]
    let weight = thousandths as u16;
    (weight > 0 && !tag.trim().is_empty()).then_some((tag.trim(), weight))
}

fn one<'a>(tag: &str, offered: &[&'a str]) -> Option<&'a str> {
    let lower = tag.to_ascii_lowercase();
    let subtags: Vec<&str> = lower.split('-').collect();
    let is_traditional = subtags.iter().any(|part| matches!(*part, "tw" | "hk" | "mo" | "hant"));
    let wanted = match (subtags.first().copied(), is_traditional) {
        (Some("zh"), true) => "zh-tw",
        (Some("zh"), false) => "zh-cn",
        (Some(_) | None, _) => &lower,
    };
    let language = |text: &str| text.split('-').next().unwrap_or_default().to_ascii_lowercase();
    let exact = offered.iter().find(|each| each.eq_ignore_ascii_case(wanted));
    exact.or_else(|| offered.iter().find(|each| language(each) == language(&lower))).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: [&str; 3] = ["zh-CN", "zh-TW", "en"];

    #[test]
    fn a_person_reads_what_they_asked_for_first() {
        for (asked, language) in [
            ("zh", "zh-CN"),
            ("zh-Hans-SG,zh;q=0.9", "zh-CN"),
            ("zh-HK", "zh-TW"),
            ("zh-Hant,en;q=0.5", "zh-TW"),
            ("fr-FR, en-GB;q=0.8, zh-CN;q=0.9", "zh-CN"),
            ("en-US,en;q=0.9", "en"),
            ("fr", "en"),
            ("", "en"),
            ("zh-CN;q=0, fr", "en"),
            ("*", "en"),
        ] {
            assert_eq!(fitting(asked, &OFFERED), language, "{asked}");
        }
    }

    #[test]
    fn where_a_variant_is_missing_the_other_one_is_read() {
        assert_eq!(fitting("zh-TW", &["en", "zh-CN"]), "zh-CN");
        assert_eq!(fitting("ja-JP", &["zh-CN", "ja"]), "ja");
        assert_eq!(fitting("fr", &["zh-CN", "ja"]), "zh-CN");
    }
}
