//! The service as one thing that can be mounted and run.

use std::sync::Arc;

use actix_web::{
    Scope,
    dev::HttpServiceFactory,
    middleware::from_fn,
    web::{self, ServiceConfig},
};

use saoma_domain::{ports::Health, services::PeopleService};

use crate::{
    Adapters,
    app_data::AppData,
    auth::{AdminHosts, SiteKeys},
    config::Config,
    handlers,
    middleware::{cors, finish_response},
};

/// The login service, ready to be mounted; cheap to clone.
#[derive(Clone)]
pub struct Saoma {
    app: Arc<AppData>,
}

/// Makes the service from a configuration and the adapters to work with.
pub fn build(config: Config, adapters: Adapters) -> Saoma {
    Saoma { app: Arc::new(AppData::new(config, adapters)) }
}

impl Saoma {
    /// Returns every public endpoint, to be mounted as the last service of an app: it also answers for each path that
    /// does not exist.
    pub fn service(&self) -> impl HttpServiceFactory + use<> {
        let app = Arc::clone(&self.app);
        self.scope(true, move |config: &mut ServiceConfig| handlers::public(config, &app.assets))
    }

    /// Returns what the [`guard`](crate::guard)s of an app's own routes need, for the app's `configure`.
    pub fn for_guards(&self) -> impl FnOnce(&mut ServiceConfig) + use<> {
        let app = Arc::clone(&self.app);
        move |config| app.register_for_guards(config)
    }

    /// Returns the operator's endpoints, for a listener that the public cannot reach.
    pub fn admin_service(&self) -> impl HttpServiceFactory + use<> {
        let hosts = AdminHosts::new(&self.config().server);
        let keys = SiteKeys::new(&self.config().admin);
        self.scope(false, |config: &mut ServiceConfig| handlers::admin(config, hosts, keys))
    }

    /// Makes a service of the endpoints that are registered, and of the hot ones where it is public.
    fn scope<F>(&self, is_public: bool, register: F) -> impl HttpServiceFactory + use<F>
    where
        F: FnOnce(&mut ServiceConfig),
    {
        // Matches every path. The data come before `wrap`, so that the middleware sees them.
        Scope::new("")
            .configure(|config| self.app.register(config, is_public))
            .configure(register)
            .default_service(web::route().to(handlers::not_found))
            .wrap(cors(&self.app.config.server))
            .wrap(from_fn(finish_response))
    }

    /// Reconciles, retries and prunes until the service is told to stop. Run it once per process.
    pub fn background(&self) -> impl Future<Output = ()> + Send + use<> {
        self.app.maintenance.clone().run()
    }

    /// Tells the service to stop: it is not ready from now on, and waiting clients are answered at once. Call it before
    /// the HTTP server is stopped, which would wait for the waiting clients otherwise.
    pub fn begin_shutdown(&self) {
        self.app.shutdown.begin();
    }

    /// Returns what finds, makes, changes and erases accounts: the same as the site API, for an embedder's own code.
    pub fn accounts(&self) -> Arc<PeopleService> {
        self.app.people()
    }

    pub(crate) fn database(&self) -> Arc<dyn Health> {
        Arc::clone(&self.app.readiness.database)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.app.config
    }
}
