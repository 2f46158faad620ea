//! `wechat.verify_files`: the files by which WeChat sees that a domain is the operator's.

use std::{collections::BTreeMap, path::PathBuf};

use toml::Value;

use super::section::Section;

/// Where the verification files are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum VerifyFiles {
    /// There are none.
    #[default]
    None,
    /// In a folder, from which each is read when it is asked for.
    Folder(PathBuf),
    /// In the configuration: what each file says, by its name.
    Texts(BTreeMap<String, String>),
}

impl VerifyFiles {
    /// Returns whether a file may have this name: `MP_verify_….txt` or `WW_verify_….txt`.
    pub fn is_name(name: &str) -> bool {
        let code = ["MP_verify_", "WW_verify_"].into_iter().find_map(|prefix| name.strip_prefix(prefix));
        code.and_then(|code| code.strip_suffix(".txt")).is_some_and(|code| {
            (1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    }
}

pub(super) fn read(section: &mut Section<'_>) -> VerifyFiles {
    let Some(table) = section.subtable("verify_files") else {
        let folder = section.text("verify_files").map(PathBuf::from);
        if let Some(folder) = folder.as_ref().filter(|folder| !folder.is_dir()) {
            section.problem("verify_files", format!("`{}` is no folder", folder.display()));
        }
        return folder.map_or(VerifyFiles::None, VerifyFiles::Folder);
    };
    let mut texts = BTreeMap::new();
    for (name, value) in table {
        match value {
            Value::String(text) if VerifyFiles::is_name(&name) => drop(texts.insert(name, text)),
            Value::String(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Array(_)
            | Value::Table(_) => {
                let message =
                    format!("`{name}` has to be MP_verify_….txt or WW_verify_….txt, with what the file says");
                section.problem("verify_files", message);
            }
        }
    }
    VerifyFiles::Texts(texts)
}
