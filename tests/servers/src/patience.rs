//! Waiting for what comes, however busy the machine is.

use std::time::Duration;

/// Longer than anything takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until there is an answer, and returns it.
///
/// # Panics
/// When there is none within [`PATIENCE`]: a test that cannot go on fails.
#[expect(clippy::panic, reason = "a test that cannot go on fails")]
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let answer = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, answer).await.unwrap_or_else(|_| panic!("never: {what}"))
}
