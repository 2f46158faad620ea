//! SIGHUP: the replies of the configuration are read anew, and nothing else.

use std::{path::Path, process::Stdio};

use saoma_sandbox::Person;
use tokio::process::Command;

use super::program::{address_of, command};
use crate::harness::{Setup, eventually};

/// Writes the one reply of the account into the configuration.
fn write(file: &Path, text: &str) {
    let replies = format!("[[wechat.apps.replies_to]]\non = \"text\"\nmatch = \"帮助\"\ntext = \"{text}\"\n");
    std::fs::write(file, format!("[[wechat.apps]]\n{replies}")).unwrap();
}

async fn hang_up(process: u32) {
    let told = Command::new("kill").args(["-HUP", &process.to_string()]).status().await.unwrap();
    assert!(told.success());
}

async fn says(person: &Person) -> Option<String> {
    person.send_text("main", "帮助").await.unwrap().reply().map(str::to_owned)
}

#[tokio::test]
async fn the_replies_are_read_anew_and_a_wrong_file_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (sandbox, settings) = Setup::default().wechat(dir.path()).await;
    let file = dir.path().join("saoma.toml");
    write(&file, "first");
    let settings: Vec<_> = settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let mut serving = command(&["serve"], &settings, dir.path());
    let mut serving = serving.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (process, address) = (serving.id().unwrap(), address_of(&mut serving).await);
    sandbox.set_callback_url("main", &format!("http://{address}/wechat/main/callback")).unwrap();
    let ming = sandbox.person("ming").unwrap();
    ming.follow("main").await.unwrap();
    assert_eq!(says(&ming).await.as_deref(), Some("first"));
    for text in ["second", "third"] {
        write(&file, text);
        hang_up(process).await;
        eventually("the reply is another one", async || {
            (says(&ming).await.as_deref() == Some(text)).then_some(())
        })
        .await;
        std::fs::write(&file, "[[wechat.apps]]\nrelpies_to = 1\n").unwrap();
        hang_up(process).await;
        assert_eq!(says(&ming).await.as_deref(), Some(text));
    }
    assert_eq!(serving.try_wait().unwrap(), None, "it still serves");
}
