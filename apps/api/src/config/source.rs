//! Where a configuration comes from: a TOML file, and environment variables on top of it.

use std::path::Path;

use toml::{Table, Value};

use super::{ConfigError, ConfigProblem};

const PREFIX: &str = "SAOMA__";

/// Reads the file, if there is one, and overrides its values with those of the environment.
///
/// `SAOMA__SERVER__LISTEN` stands for `server.listen`, `SAOMA__WECHAT__APPS__0__SECRET` for the secret of the
/// first app.
pub(super) fn read(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Table, ConfigError> {
    let mut table = match file {
        Some(path) => read_file(path)?,
        None => Table::new(),
    };
    let path_of = |name: String| Some(name.strip_prefix(PREFIX)?.to_lowercase());
    let mut variables: Vec<(String, String)> =
        environment.into_iter().filter_map(|(name, value)| Some((path_of(name)?, value))).collect();
    // Apps have to come in the order of their numbers, the tenth after the ninth.
    variables.sort_by_key(|(path, _)| {
        (path.split("__").find_map(|step| step.parse::<usize>().ok()), path.clone())
    });
    for (path, value) in variables {
        let steps: Vec<&str> = path.split("__").collect();
        if !override_value(&mut table, &steps, Value::String(value)) {
            let name = format!("{PREFIX}{}", path.to_uppercase());
            let problem = ConfigProblem::new(name, "no key of the configuration has this name");
            return Err(ConfigError { source: "environment".to_owned(), problems: vec![problem] });
        }
    }
    Ok(table)
}

fn read_file(path: &Path) -> Result<Table, ConfigError> {
    let source = path.display().to_string();
    let fail = |key: &str, message: String| ConfigError {
        source: source.clone(),
        problems: vec![ConfigProblem::new(key, message)],
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| fail("--config", format!("the file `{source}` cannot be read: {error}")))?;
    text.parse::<Table>().map_err(|error| {
        // The library's own text quotes the line, which may hold a secret.
        let line = error
            .span()
            .map_or(1, |span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
        fail(&format!("line {line}"), error.message().to_owned())
    })
}

/// Sets the value at the end of a path of keys and positions in lists; `false` where a table has no place for it.
pub(super) fn override_value(table: &mut Table, steps: &[&str], value: Value) -> bool {
    match steps {
        [] | [""] => false,
        [key] => {
            table.insert((*key).to_owned(), value);
            true
        }
        [key, index, rest @ ..] if index.bytes().all(|b| b.is_ascii_digit()) && !index.is_empty() => {
            let list = table.entry(*key).or_insert_with(|| Value::Array(Vec::new()));
            let (Some(list), Ok(index)) = (list.as_array_mut(), index.parse::<usize>()) else { return false };
            if index == list.len() {
                list.push(Value::Table(Table::new()));
            }
            let Some(item) = list.get_mut(index).and_then(Value::as_table_mut) else { return false };
            override_value(item, rest, value)
        }
        [key, rest @ ..] => {
            let below = table.entry(*key).or_insert_with(|| Value::Table(Table::new()));
            below.as_table_mut().is_some_and(|below| override_value(below, rest, value))
        }
    }
}
