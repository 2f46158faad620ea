//! Texts with placeholders.

/// Replaces each `{name}` that is listed by its value; any other stays.
///
/// The template is read once, so that a value cannot bring in a placeholder of its own.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let found = values
            .iter()
            .find_map(|(name, value)| Some((*value, after.strip_prefix(*name)?.strip_prefix('}')?)));
        match found {
            Some((value, after)) => {
                text.push_str(value);
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_bring_in_placeholders() {
        let values = [("browser", "curl"), ("address", "{time}"), ("time", "11:40")];
        assert_eq!(fill("{browser}|{address}|{time}|{odd}|{", &values), "curl|{time}|11:40|{odd}|{");
    }
}
