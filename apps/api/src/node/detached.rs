//! Work that goes on even if its client hangs up.

use saoma_domain::{ports::StoreError, services::ServiceError};
use tracing::Instrument as _;

/// Does work in a task of its own, so that it ends even if the client hangs up and the call is dropped.
///
/// # Errors
/// Those of the work; [`ServiceError::Store`] where it broke off, whose text then names the work.
pub(crate) async fn detached<T: Send + 'static>(
    what: &str,
    work: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
) -> Result<T, ServiceError> {
    let broke_off = |_| ServiceError::Store(StoreError::Unavailable(format!("{what} broke off")));
    tokio::spawn(work.in_current_span()).await.map_err(broke_off)?
}
