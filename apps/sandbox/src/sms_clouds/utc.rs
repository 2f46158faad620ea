//! Times in UTC.

/// Returns the Unix seconds of `2025-11-20T03:40:00Z`.
pub(super) fn seconds_of(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let three = |text: &str, mark: char| -> Option<[i64; 3]> {
        let numbers = text.split(mark).map(|part| part.parse().ok()).collect::<Option<Vec<i64>>>()?;
        numbers.try_into().ok()
    };
    let [year, month, day] = three(date, '-')?;
    let [hour, minute, second] = three(time, ':')?;
    Some(days_of(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Returns the UTC date of Unix seconds, as `2025-11-20`.
pub(super) fn date_of(seconds: i64) -> String {
    let days = seconds.div_euclid(86_400);
    // A year is found by trying, which is slow and plain.
    let year = (1970..).find(|year| days_of(year + 1, 1, 1) > days).unwrap_or(1970);
    let month = (1..=12).rev().find(|month| days_of(year, *month, 1) <= days).unwrap_or(1);
    format!("{year:04}-{month:02}-{:02}", days - days_of(year, month, 1) + 1)
}

/// Returns the days from 1970-01-01 to a date of the Gregorian calendar.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let years: i64 = (1970..year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
    let lengths = [31, if is_leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month - 1).unwrap_or(0);
    years + lengths.iter().take(before).sum::<i64>() + day - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        assert_eq!(seconds_of("2025-11-20T03:40:00Z"), Some(1_763_610_000));
        assert_eq!(seconds_of("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds_of("2024-12-31T23:59:59Z"), Some(1_735_689_599));
        assert_eq!(seconds_of("now"), None);
        assert_eq!(date_of(1_735_689_599), "2024-12-31");
        assert_eq!(date_of(1_709_164_800), "2024-02-29");
    }
}
