use proptest::{prelude::*, sample::select};

use super::*;

#[test]
fn all_spellings_of_a_number_are_one() {
    let spellings = [
        "13800138000",
        "8613800138000",
        "+8613800138000",
        "008613800138000",
        "+86 138 0013 8000",
        "(+86)138-0013-8000",
        "１３８００１３８０００",
        "＋86　138 0013 8000",
        "138\u{2011}0013\u{2013}8000",
    ];
    for text in spellings {
        assert_eq!(mobile_number(text).as_deref(), Some("+8613800138000"), "{text}");
    }
}

#[test]
fn marks_that_are_not_seen_count_for_nothing() {
    let copied = [
        "\u{202d}13800138000\u{202c}",
        "\u{2068}13800138000\u{2069}",
        "\u{200e}13800138000",
        "13800138000\u{fe0d}",
        "\u{a0}13800138000",
        "\u{feff}138\u{200b}0013\u{ad}8000\n",
    ];
    for text in copied {
        assert_eq!(mobile_number(text).as_deref(), Some("+8613800138000"), "{text:?}");
    }
}

#[test]
fn what_is_no_mobile_number_is_refused() {
    let wrong = [
        "",
        "+",
        "1",
        "1380013800",
        "138001380000",
        "+86138001380a0",
        "12345678901",
        "010-62552000",
        "+86 10 62552000",
        "+999123456789",
        "13800138000;ext=1",
        "13800138000 13800138001",
        "138+00138000",
        "++8613800138000",
        "¹³⁸⁰⁰¹³⁸⁰⁰⁰",
        "1380013800O",
        "+4930123456",
        "+8613800138000+",
    ];
    for text in wrong {
        assert_eq!(mobile_number(text), None, "{text}");
    }
    assert_eq!(mobile_number(&format!("13800138000{}", " ".repeat(LONGEST_TEXT))), None);
}

#[test]
fn ranges_that_are_newer_than_the_library_are_read() {
    for prefix in [133, 149, 154, 162, 174, 179, 190, 199] {
        let text = format!("{prefix}12345678");
        assert_eq!(mobile_number(&text), Some(format!("+86{text}")));
    }
}

/// Every example number of the type mobile that the library's metadata has, in E.164.
fn examples() -> Vec<String> {
    let codes = (1..1000).filter_map(|code| Some((code, DATABASE.by_code(&code)?)));
    let examples = codes.flat_map(|(code, plans)| {
        let numbers = plans.into_iter().filter_map(|plan| plan.descriptors().mobile()?.example());
        numbers.map(move |number| format!("+{code}{number}")).collect::<Vec<_>>()
    });
    let examples: Vec<_> = examples.collect();
    assert!(examples.len() > 200, "the metadata has them: {}", examples.len());
    examples
}

#[test]
fn every_country_s_mobile_numbers_are_read_by_its_own_plan() {
    for e164 in examples() {
        assert_eq!(mobile_number(&e164).as_ref(), Some(&e164), "{e164}");
    }
    for text in ["+60123456789", "+601112345678", "+601172345678", "+60179123456", "+55 11 91234-5678"] {
        assert!(mobile_number(text).is_some(), "{text}");
    }
}

proptest! {
    #[test]
    fn a_number_is_read_however_it_is_written(
        e164 in select(examples()),
        zeros in any::<bool>(),
        blanks in proptest::collection::vec(select(vec!["", "", " ", "-", "\u{a0}", "\u{200e}"]), 16),
    ) {
        let digits = e164.trim_start_matches('+');
        let mut text = String::from(if zeros { "00" } else { "+" });
        for (digit, blank) in digits.chars().zip(blanks) {
            text.push(digit);
            text.push_str(blank);
        }
        prop_assert_eq!(mobile_number(&text), Some(e164));
    }

    #[test]
    fn no_text_panics(text in ".{0,64}") {
        if let Some(e164) = mobile_number(&text) {
            prop_assert_eq!(mobile_number(&e164), Some(e164));
        }
    }
}
