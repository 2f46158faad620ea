//! The signals by which a process is told to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Returns once the process is told to stop (SIGTERM or SIGINT); a second signal then ends it at once.
pub async fn told_to_stop() {
    signalled().await;
    tokio::spawn(async {
        signalled().await;
        tracing::warn!("told to stop twice: stopping at once");
        std::process::exit(1);
    });
}

async fn signalled() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        // Without handlers the signals end the process by themselves.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
