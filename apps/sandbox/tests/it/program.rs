//! The program `saoma-sandbox`.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_saoma-sandbox"))
}

fn refused(arguments: &[&str]) -> (Output, String) {
    let output = program().args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, said)
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn it_prints_its_address_answers_there_and_ends_when_it_is_asked_to() {
    let mut child =
        Running(program().args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(child.0.stdout.take().unwrap());
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    let base = line.trim().rsplit(' ').next().unwrap();
    // Starting a sandbox anywhere installs what the client needs.
    let _ready = super::support::sandbox().await;
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(saoma_tls::client_config(false).unwrap())
        .no_proxy()
        .build()
        .unwrap();
    let state = client.get(format!("{base}/sandbox/api/state")).send().await.unwrap().text().await.unwrap();
    assert!(state.contains("\"ming\"") && state.contains("\"secure\""), "{state}");
    let killed = Command::new("kill").arg(child.0.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.0.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("/sandbox/sms/webhook"));
}

#[test]
fn a_wrong_argument_is_named_and_the_exit_code_is_2() {
    let cases: [&[&str]; 7] = [
        &["--listen", "nowhere"],
        &["--token", "x"],
        &["--encoding-aes-key", "tooShort"],
        &["--app-id", "w x"],
        &["--callback-url", "ftp://127.0.0.1/"],
        &["--mode", "open"],
        &["--person", "a b"],
    ];
    for arguments in cases {
        let (output, said) = refused(arguments);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(arguments[0]), "{said}");
    }
    let (_, said) = refused(&["--token", "not/a/token"]);
    assert!(!said.contains("not/a/token"), "secrets are not repeated: {said}");
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (output, said) = refused(&["--listen", &address]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("--listen") && said.contains(&address), "{said}");
}
