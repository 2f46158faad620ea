//! `saoma init`: makes the configuration and the key, says what to enter in WeChat's console, and then says live what arrives.

mod answers;
mod console;
mod files;
mod live;
mod options;

use std::path::Path;

use saoma_api::{
    config::{Config, Language},
    told_to_stop,
};

use super::{command_error::CommandError, logging, output::say, serve::start};
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
    let answers = Answers::of(&options, language)?;
    let written = files::write(&path, &answers)
        .map_err(|error| CommandError::Failed(format!("{}: {error}", path.display())))?;
    for file in &written {
        say(&match language {
            Language::Chinese => format!("已写入 {}（仅本用户可读）", file.display()),
            Language::English => format!("wrote {} (readable by you alone)", file.display()),
        });
    }
    say(&console::what_to_enter(&answers, language));
    if options.no_run {
        return Ok(());
    }
    let config = Config::load(Some(&path), std::iter::empty())?;
    let live = Live::new(&answers, language);
    let _log = logging::start_with(&config.log, live.clone());
    let server = start(config).await.map_err(|error| error.in_file(Some(&path)))?;
    say(&console::waiting(&answers, language));
    let patience = tokio::spawn(live.complain_of_silence());
    let served = server.run(told_to_stop()).await.map_err(|error| CommandError::Failed(error.to_string()));
    patience.abort();
    served
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
