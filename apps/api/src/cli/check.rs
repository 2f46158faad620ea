//! `saoma check`

use std::{os::unix::fs::PermissionsExt, path::Path};

use saoma_api::{
    Finding, Level, Text,
    config::{Config, Language},
};
use serde_json::{Value, json};

use super::{command_error::CommandError, config_file::ConfigFile, language::LanguageOption, output::say};

#[derive(clap::Args)]
pub(super) struct Options {
    #[command(flatten)]
    file: ConfigFile,
    /// Says it as JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    language: LanguageOption,
}

/// Reads the configuration, tries every part, and says how each is and what to do.
pub(super) async fn check(options: &Options) -> Result<(), CommandError> {
    let language = options.language.language();
    let config = match options.file.load() {
        Ok(config) => config,
        Err(error) => {
            if options.json {
                say(&json!({"ok": false, "error": error.to_string(), "findings": []}).to_string());
            }
            return Err(error);
        }
    };
    let findings = look(&config, options.file.path()).await;
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (wrong, warnings) = (count(Level::Wrong), count(Level::Warning));
    if options.json {
        let findings: Vec<Value> = findings.iter().map(|finding| finding.json(language)).collect();
        say(&json!({"ok": wrong == 0, "findings": findings}).to_string());
    } else {
        findings.iter().for_each(|finding| say(&finding.line(language)));
    }
    match (wrong, language) {
        (0, _) if options.json => Ok(()),
        (0, Language::Chinese) => {
            say(&format!("全部可用，{warnings} 处提醒"));
            Ok(())
        }
        (0, Language::English) => {
            say(&format!("everything works, with {warnings} warnings"));
            Ok(())
        }
        (parts, Language::Chinese) => Err(CommandError::Failed(format!("{parts} 处不可用"))),
        (1, Language::English) => Err(CommandError::Failed("one part does not work".to_owned())),
        (parts, Language::English) => Err(CommandError::Failed(format!("{parts} parts do not work"))),
    }
}

async fn look(config: &Config, path: Option<&Path>) -> Vec<Finding> {
    let keys = Finding {
        key: "saoma.toml".to_owned(),
        level: Level::Ok,
        found: Text {
            en: "every key is known and right".to_owned(),
            zh: "每个配置项都认识，格式正确".to_owned(),
        },
        advice: Text::default(),
    };
    let mut findings = vec![keys];
    findings.extend(path.and_then(readable_by_others));
    findings.extend(saoma_api::check(config).await);
    findings
}

/// Warns where a file with secrets can be read by others.
fn readable_by_others(path: &Path) -> Option<Finding> {
    let text = std::fs::read_to_string(path).ok()?;
    let mode = std::fs::metadata(path).ok()?.permissions().mode();
    let has_secret = text.lines().map(str::trim_start).any(|line| {
        ["key", "secret", "token", "encoding_aes_key", "access_key_secret", "webhook_secret"]
            .iter()
            .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
    });
    (has_secret && mode & 0o044 != 0).then(|| Finding {
        key: path.display().to_string(),
        level: Level::Warning,
        found: Text {
            en: "it has secrets, and every user of this machine can read it".to_owned(),
            zh: "里面有密钥，而本机所有用户都能读".to_owned(),
        },
        advice: Text {
            en: "chmod 600, or keep secrets in files of their own".to_owned(),
            zh: "chmod 600，或把密钥放进单独的文件（…_file）".to_owned(),
        },
    })
}
