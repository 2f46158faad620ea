//! Running Chromiums. A start takes a second of work, so the next test goes on with a browser that another one is
//! done with.

use std::{
    fs,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Mutex,
    thread,
};

use crate::{
    eventually,
    fonts::{self, Smoothing},
    programs,
};

const FLAGS: [&str; 13] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
    "--remote-debugging-port=0",
];

/// Runs Chromium until this process is gone or closes the input, and removes the profile then: Chromium ends when
/// nothing can come over its pipe for debuggers any more, which is the file descriptor 3.
const UNTIL_LET_GO: &str = r#"profile=$1; shift; "$@" 3<&0 4>/dev/null; rm -rf "$profile""#;

/// Those that no test uses.
static IDLE: Mutex<Vec<Chromium>> = Mutex::new(Vec::new());

/// A running Chromium with a profile of its own; it ends when this is dropped, with its input.
pub(crate) struct Chromium {
    smoothing: Smoothing,
    /// Where a driver finds it.
    pub(crate) address: String,
    _child: Child,
}

impl Chromium {
    /// Takes one that no test uses, or starts one.
    pub(crate) async fn take(smoothing: Smoothing) -> Self {
        let idle = {
            let mut idle = IDLE.lock().unwrap();
            let found = idle.iter().position(|chromium| chromium.smoothing == smoothing);
            found.map(|at| idle.swap_remove(at))
        };
        match idle {
            Some(chromium) => chromium,
            None => Self::start(smoothing).await,
        }
    }

    /// Leaves it to the next test, unless the test failed: what is wrong with its browser is not to spread.
    pub(crate) fn leave(self) {
        if !thread::panicking() {
            IDLE.lock().unwrap().push(self);
        }
    }

    async fn start(smoothing: Smoothing) -> Self {
        let profile = tempfile::tempdir().unwrap().keep();
        let mut command = Command::new("sh");
        command.args(["-c", UNTIL_LET_GO, "sh"]).arg(&profile).arg(programs::chromium()).args(FLAGS);
        command.arg(format!("--user-data-dir={}", profile.display())).args(["--lang=en", "about:blank"]);
        programs::find_libraries(&mut command);
        let child = command
            .env("FONTCONFIG_FILE", fonts::settings(smoothing))
            // Which fonts are tried first depends on the language.
            .env("LC_ALL", "C.UTF-8")
            // What it leaves behind goes with the profile.
            .env("TMPDIR", &profile)
            // A group of its own, so that a Ctrl-C leaves it the time to remove its profile.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = eventually("Chromium listens", async || port(&profile)).await;
        Self { smoothing, address: format!("127.0.0.1:{port}"), _child: child }
    }
}

/// Reads which port Chromium has chosen, once it has.
fn port(profile: &Path) -> Option<u16> {
    let written = fs::read_to_string(profile.join("DevToolsActivePort")).ok()?;
    let (port, _) = written.split_once('\n')?;
    port.parse().ok()
}
