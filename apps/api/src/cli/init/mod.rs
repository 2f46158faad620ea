//! `saoma init`: makes the configuration and the key, says what to enter in WeChat's console, and then says live what arrives.

mod answers;
mod console;
mod files;
mod live;
mod options;
mod owner;
mod questions;

use std::path::{Path, PathBuf};

use saoma_api::{
    config::{Config, Language},
    told_to_stop,
};

use super::{command_error::CommandError, config_file, logging, output::say, serve::start};
use answers::Answers;
use live::Live;
pub(super) use options::Options;

/// Makes the files, and serves until the process is told to stop.
pub(super) async fn init(options: Options) -> Result<(), CommandError> {
    let language = options.language.language();
    let path = options.config.clone();
    if path.exists() {
        return Err(CommandError::Misused(taken(&path, language)));
    }
    owner::refuse_files_for_another(&path, language)?;
    let answers = Answers::of(&options, language)?;
    let written = files::write(&path, &answers).map_err(|error| CommandError::Failed(error.to_string()))?;
    let config = read(&written)?;
    for file in &written {
        say(&match language {
            Language::Chinese => format!("已写入 {}（仅本用户可读）", file.display()),
            Language::English => format!("wrote {} (readable by you alone)", file.display()),
        });
    }
    say(&console::what_to_enter(&answers, language));
    if options.no_run {
        say(&console::next(&path, language));
        return Ok(());
    }
    let live = Live::new(&answers, language);
    let _log = logging::start_with(&config.log, live.clone());
    let server = start(config).await.map_err(|error| error.in_file(Some(&path)))?;
    say(&console::waiting(&answers, language));
    let patience = tokio::spawn(live.complain_of_silence());
    let served = server.run(told_to_stop()).await.map_err(|error| CommandError::Failed(error.to_string()));
    patience.abort();
    say(&console::next(&path, language));
    served
}

/// Reads what was written, as every start will. What is refused is not left behind, so that another try may write it anew.
fn read(written: &[PathBuf; 2]) -> Result<Config, CommandError> {
    let [path, _] = written;
    Config::load(Some(path), config_file::environment()).map_err(|error| {
        for file in written {
            // The mistake is what has to be said.
            let _ = std::fs::remove_file(file);
        }
        error.into()
    })
}

fn taken(path: &Path, language: Language) -> String {
    let path = path.display();
    match language {
        Language::Chinese => {
            format!(
                "{path} 已存在，不会覆盖；要用它启动：saoma serve --config {path}；要重来请换一个 --config"
            )
        }
        Language::English => format!(
            "{path} exists and is not overwritten; to go on with it: saoma serve --config {path}; to begin anew name \
             another file by --config"
        ),
    }
}
