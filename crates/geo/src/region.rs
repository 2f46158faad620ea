//! What the text of an entry says: words between bars.

use saoma_domain::place::Place;

/// What stands for an unknown word, and for addresses that are not of the Internet.
const UNKNOWN: [&str; 3] = ["", "0", "Reserved"];

/// In which order the words of a file's regions stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// `country|province|city|operator`, and mostly the two letters of the country.
    Plain,
    /// `country|area|province|city|operator`, until 2025.
    WithArea,
}

/// Finds the layout of a file out of all its regions: both may have five words. The fifth one is the country's two letters in
/// one layout, and the operator in the other, where a few have two letters too.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layouts {
    plain: usize,
    with_area: usize,
}

impl Layouts {
    /// Counts a region.
    pub(crate) fn count(&mut self, region: &str) {
        let Some(fifth) = region.split('|').nth(4) else { return };
        if fifth.len() == 2 && fifth.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.plain += 1;
        } else {
            self.with_area += 1;
        }
    }

    /// Returns what most of the regions speak for.
    pub(crate) const fn most(self) -> Layout {
        if self.with_area > self.plain { Layout::WithArea } else { Layout::Plain }
    }
}

/// Reads a region; `None` where not even the country is known.
pub(crate) fn place(region: &str, layout: Layout) -> Option<Place> {
    let mut words = region.split('|').map(|word| Some(word.trim()).filter(|word| !UNKNOWN.contains(word)));
    let mut next = || words.next().flatten().map(str::to_owned);
    let country = Some(next()?);
    if layout == Layout::WithArea {
        next();
    }
    Some(Place { country, province: next(), city: next(), operator: next() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(regions: &[&str]) -> Layout {
        let mut layouts = Layouts::default();
        regions.iter().for_each(|region| layouts.count(region));
        layouts.most()
    }

    fn said(region: &str, layout: Layout) -> Option<String> {
        let place = place(region, layout)?;
        let operator = place.operator.clone().unwrap_or_default();
        Some(format!("{place} {operator}"))
    }

    #[test]
    fn each_layout_is_read() {
        assert_eq!(said("中国|0|广东省|深圳市|电信", Layout::WithArea).unwrap(), "广东 深圳 电信");
        assert_eq!(said("中国|广东省|深圳市|电信", Layout::Plain).unwrap(), "广东 深圳 电信");
        assert_eq!(said("中国|广东省|深圳市|电信|CN", Layout::Plain).unwrap(), "广东 深圳 电信");
        assert_eq!(
            said("United States|California|0|0|US", Layout::Plain).unwrap(),
            "United States, California "
        );
    }

    #[test]
    fn a_place_without_a_country_is_none() {
        for region in ["", "0|0|内网IP|内网IP", "Reserved|Reserved|Reserved|0|0", " |x"] {
            assert_eq!(place(region, Layout::Plain), None, "{region}");
        }
    }

    #[test]
    fn what_is_missing_at_the_end_is_not_known() {
        let place = place("中国", Layout::WithArea).unwrap();
        assert_eq!((place.country.as_deref(), place.province, place.operator), (Some("中国"), None, None));
    }

    #[test]
    fn the_layout_is_what_most_regions_speak_for() {
        assert_eq!(layout(&["中国|广东省|深圳市|电信"]), Layout::Plain);
        assert_eq!(
            layout(&["中国|广东省|深圳市|电信|CN", "Reserved|Reserved|Reserved|0|0", "日本|0|0|0|JP"]),
            Layout::Plain
        );
        let old = ["印度尼西亚|0|东爪哇|0|XL", "中国|0|广东省|深圳市|电信", "0|0|0|内网IP|内网IP"];
        assert_eq!(layout(&old), Layout::WithArea);
    }
}
