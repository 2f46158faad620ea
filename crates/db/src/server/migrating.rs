//! Changes of the schema over a connection of their own, which has no limit of time.

use diesel::migration::MigrationConnection;
use diesel_async::{AsyncConnection, async_connection_wrapper::AsyncConnectionWrapper};
use saoma_domain::ports::StoreError;

use crate::migrating::{Outcome, unchanged};

/// Does what `work` does on a thread where waiting disturbs nobody.
///
/// It runs to its end whatever happens to the caller.
pub(crate) async fn on_a_thread<C>(
    connection: C,
    work: impl FnOnce(&mut AsyncConnectionWrapper<C>) -> Outcome + Send + 'static,
) -> Result<Vec<String>, StoreError>
where
    C: AsyncConnection + 'static,
    AsyncConnectionWrapper<C>: MigrationConnection,
{
    let thread = tokio::task::spawn_blocking(move || work(&mut AsyncConnectionWrapper::from(connection)));
    thread.await.map_err(unchanged)?.map_err(unchanged)
}
