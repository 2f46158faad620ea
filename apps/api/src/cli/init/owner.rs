//! Whose files they are going to be.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, absolute},
};

use rustix::process::geteuid;
use saoma_api::config::Language;

use crate::cli::command_error::CommandError;

/// Refuses to make files in a folder of another user as root: they are readable by their owner alone, so the service of that
/// user could not read them, nor the database that it would find.
pub(super) fn refuse_files_for_another(config: &Path, language: Language) -> Result<(), CommandError> {
    let folder = match absolute(config) {
        Ok(path) => path.parent().unwrap_or(Path::new("/")).to_owned(),
        Err(error) => return Err(CommandError::Failed(format!("{}: {error}", config.display()))),
    };
    let owner = match fs::metadata(&folder) {
        Ok(found) => found.uid(),
        Err(error) => return Err(CommandError::Misused(format!("--config: {}: {error}", folder.display()))),
    };
    if owner == 0 || !geteuid().is_root() {
        return Ok(());
    }
    let (folder, user) = (folder.display(), name_of(owner));
    Err(CommandError::Misused(match language {
        Language::Chinese => {
            format!(
                "{folder} 属于用户 {user}，root 写的文件它的服务读不了；请以它的身份运行：runuser -u {user} -- saoma init …"
            )
        }
        Language::English => format!(
            "{folder} belongs to {user}, whose service could not read the files of root; run it as that user: runuser -u {user} \
             -- saoma init …"
        ),
    }))
}

/// Returns the name of a user, or the number where no name is known.
fn name_of(user: u32) -> String {
    let number = user.to_string();
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of_user = |line: &&str| line.split(':').nth(2) == Some(&number);
    let found = users.lines().find(of_user).and_then(|line| line.split(':').next());
    found.map_or_else(|| format!("#{number}"), str::to_owned)
}
