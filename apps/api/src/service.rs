//! The service as one thing that can be mounted and run.

use std::time::Duration;

use actix_web::{
    Scope,
    dev::HttpServiceFactory,
    middleware::from_fn,
    web::{self, Data},
};

use saoma_domain::ports::Pruning;

use crate::{
    Adapters,
    config::Config,
    http::{cors::cors, shell::shell},
    routes,
    state::State,
};

/// How often outcomes that did not reach the cache are looked for, and ends of sessions told that could not be:
/// a lost wake-up costs no longer.
const SWEEP_EVERY: Duration = Duration::from_secs(2);

/// How often what is over is removed, and how many rows at once.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
const PRUNE_BATCH: u32 = 500;

/// The login service, ready to be mounted; cheap to clone.
#[derive(Clone)]
pub struct Saoma {
    state: Data<State>,
}

/// Makes the service from a configuration and the adapters to work with.
pub fn build(config: Config, adapters: Adapters) -> Saoma {
    Saoma { state: Data::new(State::new(config, adapters)) }
}

impl Saoma {
    /// Returns every public endpoint, to be mounted as the last service of an app: it answers for each path
    /// that nobody else answers for.
    pub fn service(&self) -> impl HttpServiceFactory + use<> {
        let page_at_root = self.state.config.page_at_root;
        self.scope(move |config: &mut web::ServiceConfig| routes::public(config, page_at_root))
    }

    /// Returns what the [`guard`](crate::guard)s of an app's own routes need, for the app's `configure`.
    pub fn for_guards(&self) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
        let state = Data::clone(&self.state);
        move |config| {
            config.app_data(state);
        }
    }

    /// Returns the operator's endpoints, for a listener that the public cannot reach.
    pub fn admin_service(&self) -> impl HttpServiceFactory + use<> {
        self.scope(routes::admin)
    }

    fn scope<F>(&self, register: F) -> impl HttpServiceFactory + use<F>
    where
        F: FnOnce(&mut web::ServiceConfig),
    {
        // Matches every path. `app_data` before `wrap`, so that the shell sees it.
        Scope::new("")
            .app_data(Data::clone(&self.state))
            .configure(register)
            .default_service(web::route().to(routes::not_found))
            .wrap(cors(&self.state.config.server))
            .wrap(from_fn(shell))
    }

    /// Does what has to be done now and then, until the service is told to stop. Run it once per process.
    pub fn background(&self) -> impl Future<Output = ()> + Send + use<> {
        let state = Data::clone(&self.state);
        async move {
            tokio::select! {
                () = reconcile(&state) => {}
                () = prune(&state) => {}
                () = state.shutdown.begun() => {}
            }
        }
    }

    /// Tells the service to stop: it is not ready from now on, and waiting clients are answered at once. To be
    /// called before the HTTP server is stopped, which else waits for those who wait.
    pub fn begin_shutdown(&self) {
        self.state.shutdown.begin();
    }

    pub(crate) fn config(&self) -> &Config {
        &self.state.config
    }
}

async fn reconcile(state: &State) {
    loop {
        tokio::time::sleep(SWEEP_EVERY).await;
        if let Err(error) = state.services.waiting.reconcile().await {
            tracing::warn!(%error, "waiting logins could not be looked up");
        }
        if let Err(error) = state.services.sessions.retry_invalidations().await {
            tracing::warn!(%error, "other nodes could not be told that sessions were ended");
        }
    }
}

async fn prune(state: &State) {
    loop {
        tokio::time::sleep(PRUNE_EVERY).await;
        for part in &state.pruning {
            prune_all(state, &**part).await;
        }
    }
}

/// Removes what is over in small batches, until there is no full batch left.
async fn prune_all(state: &State, part: &dyn Pruning) {
    loop {
        match part.prune(state.now(), PRUNE_BATCH).await {
            Ok(removed) if removed >= PRUNE_BATCH.into() => tokio::task::yield_now().await,
            Ok(_) => return,
            Err(error) => {
                tracing::warn!(%error, "what is over could not be removed");
                return;
            }
        }
    }
}
