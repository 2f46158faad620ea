//! The image, run as `compose.yaml` runs it: `tests/image.sh` builds it and runs this.

use reqwest::Method;
use serde_json::json;
use tokio::process::Command;

use super::call;
use crate::{
    contract::client,
    harness::{PATIENCE, Setup, eventually},
};

/// Runs podman, and returns how it ended and what it said.
async fn podman(arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new("podman");
    command.args(arguments).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE * 2, command.output()).await.expect("it ends").unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).trim().to_owned())
}

#[tokio::test]
async fn a_person_logs_in_by_the_image_which_may_write_nowhere_else() {
    let Ok(image) = std::env::var("SAOMA_TEST_IMAGE") else { return };
    let dir = tempfile::tempdir().unwrap();
    let [port, admin] = [(); 2].map(|()| saoma_servers::free_port().unwrap());
    let setup = Setup::default().set("server.listen", format!("127.0.0.1:{port}"));
    let setup = setup.set("server.admin_listen", format!("127.0.0.1:{admin}"));
    let (sandbox, settings) =
        setup.set("database.url", "sqlite:///var/lib/saoma/saoma.db").wechat(dir.path()).await;
    let name = format!("saoma-test-{port}");
    let mut arguments =
        ["run", "--detach", "--name", &name, "--network", "host", "--read-only", "--cap-drop", "all"]
            .map(str::to_owned)
            .to_vec();
    arguments
        .extend(["--security-opt", "no-new-privileges", "--volume", "/var/lib/saoma"].map(str::to_owned));
    for (key, value) in crate::common::settings::environment(&settings) {
        arguments.extend(["--env".to_owned(), format!("{key}={value}")]);
    }
    arguments.push(image);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, said) = podman(&arguments).await;
    assert_eq!(code, Some(0), "{said}");
    let url = format!("http://127.0.0.1:{port}");
    eventually("it is ready", async || {
        let answer = client().get(format!("{url}/readyz")).send().await.ok()?;
        answer.status().is_success().then_some(())
    })
    .await;
    sandbox.set_callback_url("main", &format!("{url}/wechat/main/callback")).unwrap();
    let (code, said) = podman(&["healthcheck", "run", &name]).await;
    assert_eq!(code, Some(0), "{said}");

    let person = sandbox.person("ming").unwrap();
    let body = json!({"channel": "official_account", "client": "device"});
    let started = call(Method::POST, &format!("{url}/v1/logins"), "none", Some(body)).await;
    let [id, token] = ["id", "poll_token"].map(|name| started.json[name].as_str().unwrap().to_owned());
    let login = format!("{url}/v1/logins/{id}");
    person.scan(started.json["qr"]["content"].as_str().unwrap()).await.unwrap();
    assert_eq!(call(Method::GET, &login, &token, None).await.says(), "unregistered");
    let body = json!({"phone": person.phone()});
    assert_eq!(call(Method::POST, &format!("{login}/sms-codes"), &token, Some(body)).await.status, 202);
    let code = person.next_sms(0, PATIENCE).await.expect("the code arrives").code;
    let body = json!({"phone": person.phone(), "code": code});
    let bound = call(Method::POST, &format!("{login}/phone"), &token, Some(body)).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);

    let (_, user) = podman(&["top", &name, "user", "args"]).await;
    assert!(user.contains("65532") && !user.contains("root"), "{user}");
    let (code, said) = podman(&["stop", "--time", "20", &name]).await;
    assert_eq!(code, Some(0), "{said}");
    let (_, state) = podman(&["inspect", &name, "--format", "{{.State.ExitCode}}"]).await;
    assert_eq!(state, "0", "SIGTERM ends it in order");
    podman(&["rm", "--volumes", &name]).await;
}
