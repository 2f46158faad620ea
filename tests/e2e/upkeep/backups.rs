//! `docs/en/backup.md`: what is backed up while people log in, and what comes back.

use std::path::Path;

use tokio::process::Command;

use crate::harness::{Device, PATIENCE, Service, Setup, log_in, register};

async fn run(program: &str, arguments: &[&str]) {
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output()).await.expect("it ends").unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
}

/// A person from before the backup and one from after it.
async fn comes_back(
    mut service: Service,
    back_up: impl AsyncFnOnce(&Service),
    restore: impl AsyncFnOnce(&Service),
) {
    let (ming, lan) = (service.person("ming"), service.person("lan"));
    let (device, token) = register(&service, &ming).await;
    let waiting = Device::start(&service).await;
    back_up(&service).await;
    let (_, of_lan) = register(&service, &lan).await;
    let account = device.session(&service, &token).await.json["account"]["id"].take();

    service.kill().await;
    restore(&service).await;
    service.start_again().await;
    assert_eq!(device.session(&service, &token).await.json["account"]["id"], account, "the session goes on");
    let (_, again) = log_in(&service, &ming).await;
    assert_eq!(device.session(&service, &again).await.json["account"]["id"], account);
    assert_eq!(device.session(&service, &of_lan).await.status, 401, "she came after the backup");
    lan.scan(waiting.qr()).await.unwrap();
    assert_eq!(waiting.look(&service).await.says(), "unregistered", "a code from before it, scanned after");
}

#[tokio::test]
async fn sqlite_comes_back_from_its_backup() {
    let sqlite = "/usr/bin/sqlite3";
    if !Path::new(sqlite).exists() {
        eprintln!("left out: the backup of SQLite, since {sqlite} is missing");
        return;
    }
    let file = |service: &Service, name: &str| service.files().join(name).display().to_string();
    let back_up = async |service: &Service| {
        let copy = format!(".backup '{}'", file(service, "copy.db"));
        run(sqlite, &[&file(service, "saoma.db"), &copy]).await;
    };
    let restore = async |service: &Service| {
        for rest in ["saoma.db-wal", "saoma.db-shm"] {
            let _ = std::fs::remove_file(file(service, rest));
        }
        std::fs::copy(file(service, "copy.db"), file(service, "saoma.db")).unwrap();
    };
    comes_back(Setup::default().start().await, back_up, restore).await;
}

#[cfg(beside_servers)]
#[tokio::test]
async fn postgresql_comes_back_from_its_backup() {
    let postgres = saoma_servers::Postgres::start().unwrap();
    let url = postgres.url("postgres");
    let dump = tempfile::tempdir().unwrap();
    let dump = dump.path().join("saoma.dump").display().to_string();
    let back_up = async |_: &Service| {
        run("pg_dump", &["--format=custom", &format!("--file={dump}"), &url]).await;
    };
    let restore = async |_: &Service| {
        run("pg_restore", &["--clean", "--if-exists", &format!("--dbname={url}"), &dump]).await;
    };
    comes_back(Setup::default().set("database.url", &url).start().await, back_up, restore).await;
}
