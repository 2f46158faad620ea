//! Where an address is, as people say it.

use std::fmt;

/// What China calls itself in files of places.
const CHINA: &str = "中国";

/// What follows the name of a province and is left out in talk; the longer ones first.
const PROVINCE_ENDINGS: [&str; 7] =
    ["壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "省", "市"];

/// Where an address is, in the words of the file or the service that knows it; what it does not know is `None`.
///
/// ```
/// use saoma_domain::place::Place;
///
/// let word = |text: &str| Some(text.to_owned());
/// let shenzhen = Place { country: word("中国"), province: word("广东省"), city: word("深圳市"), ..Place::default() };
/// assert_eq!(shenzhen.to_string(), "广东 深圳");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The country.
    pub country: Option<String>,
    /// The province, the state.
    pub province: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// Whose network it is.
    pub operator: Option<String>,
}

impl Place {
    /// Returns whether two places are the same: one country and one province, as far as both are known.
    ///
    /// Cities do not count: phones come out of their provider's network in the capital of the province, or in whichever city
    /// the provider chose, so a phone beside the browser often seems to be in another city.
    pub fn is_same(&self, other: &Self) -> bool {
        let agree = |one: Option<&str>, other: Option<&str>| {
            one.zip(other).is_none_or(|(one, other)| one.eq_ignore_ascii_case(other))
        };
        agree(self.country(), other.country()) && agree(self.province(), other.province())
    }

    /// Hong Kong, Macao and Taiwan stand with and without `中国` before them.
    fn country(&self) -> Option<&str> {
        let country = self.country.as_deref()?;
        Some(if country.starts_with(CHINA) { CHINA } else { country })
    }

    fn province(&self) -> Option<&str> {
        let province = self.province.as_deref()?;
        let short = PROVINCE_ENDINGS.iter().find_map(|ending| province.strip_suffix(ending));
        // A name that would be a single character is a whole name, such as 贵州.
        let short = short.or_else(|| province.strip_suffix('州'));
        Some(short.filter(|short| short.chars().nth(1).is_some()).unwrap_or(province))
    }

    fn city(&self) -> Option<&str> {
        let city = self.city.as_deref()?;
        Some(city.strip_suffix('市').filter(|short| short.chars().nth(1).is_some()).unwrap_or(city))
    }
}

impl fmt::Display for Place {
    /// Writes a short text for people: `广东 深圳`, `上海`, `美国 加利福尼亚`, `United States, California`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (province, city) = (self.province(), self.city());
        // Within China the country goes without saying.
        let country = self.country().filter(|country| *country != CHINA || province.or(city).is_none());
        let mut said: Vec<&str> = Vec::new();
        for word in [country, province, city].into_iter().flatten() {
            if !said.contains(&word) {
                said.push(word);
            }
        }
        let is_latin = said.iter().any(|word| word.contains(' '));
        f.write_str(&said.join(if is_latin { ", " } else { " " }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(words: [&str; 3]) -> Place {
        let [country, province, city] =
            words.map(|word| Some(word).filter(|word| !word.is_empty()).map(str::to_owned));
        Place { country, province, city, operator: None }
    }

    #[test]
    fn a_place_is_said_as_people_say_it() {
        for (words, said) in [
            (["中国", "广东省", "深圳市"], "广东 深圳"),
            (["中国", "上海", "上海市"], "上海"),
            (["中国", "上海市", "上海市"], "上海"),
            (["中国", "贵州省", "遵义市"], "贵州 遵义"),
            (["中国", "贵州", ""], "贵州"),
            (["中国", "新疆维吾尔自治区", "阿里地区"], "新疆 阿里地区"),
            (["中国香港", "香港特别行政区", "九龙"], "香港 九龙"),
            (["中国", "", ""], "中国"),
            (["中国", "", "沙市"], "沙市"),
            (["美国", "弗吉尼亚州", "阿什本"], "美国 弗吉尼亚 阿什本"),
            (["Singapore", "Singapore", ""], "Singapore"),
            (["United States", "California", "Palo Alto"], "United States, California, Palo Alto"),
            (["", "", ""], ""),
        ] {
            assert_eq!(place(words).to_string(), said);
        }
    }

    fn are_same(one: [&str; 3], other: [&str; 3]) -> bool {
        let (one, other) = (place(one), place(other));
        assert_eq!(one.is_same(&other), other.is_same(&one));
        one.is_same(&other)
    }

    #[test]
    fn one_province_is_one_place() {
        let shenzhen = ["中国", "广东省", "深圳市"];
        assert!(are_same(shenzhen, shenzhen));
        assert!(are_same(shenzhen, ["中国", "广东省", "广州市"]), "phones come out of the capital");
        assert!(are_same(shenzhen, ["中国", "广东", ""]), "with and without the ending");
        assert!(are_same(["中国香港", "香港特别行政区", ""], ["中国", "香港", ""]));
        assert!(are_same(["United States", "California", ""], ["united states", "CALIFORNIA", ""]));
    }

    #[test]
    fn another_province_or_country_is_another_place() {
        let shenzhen = ["中国", "广东省", "深圳市"];
        assert!(!are_same(shenzhen, ["中国", "福建省", "厦门市"]));
        assert!(!are_same(shenzhen, ["缅甸", "掸邦", ""]));
        assert!(!are_same(shenzhen, ["缅甸", "", ""]));
    }

    #[test]
    fn what_is_not_known_makes_no_difference() {
        let shenzhen = ["中国", "广东省", "深圳市"];
        assert!(are_same(shenzhen, ["中国", "", ""]));
        assert!(are_same(shenzhen, ["", "", ""]));
        assert!(are_same(["", "广东", ""], shenzhen));
    }

    #[test]
    fn the_operator_makes_no_difference() {
        let telecom = Place { operator: Some("电信".to_owned()), ..place(["中国", "广东省", ""]) };
        let mobile = Place { operator: Some("移动".to_owned()), ..telecom.clone() };
        assert!(telecom.is_same(&mobile));
        assert_eq!(telecom.to_string(), mobile.to_string());
    }
}
