//! The service as one thing that can be mounted and run.

use std::{io, sync::Arc};

use actix_web::{
    Error, Scope,
    body::MessageBody,
    dev::{HttpServiceFactory, Server, ServiceFactory, ServiceRequest, ServiceResponse},
    guard::fn_guard,
    middleware::from_fn,
    web::{self, ServiceConfig},
};
use prometheus_client::registry::Registry;
use saoma_domain::{
    ports::{AuditTrail, Health},
    services::{PeopleService, ServiceError},
};

use crate::{
    Adapters,
    app_data::AppData,
    auth::{AdminHosts, SiteKeys},
    config::Config,
    handlers::{self, OwnPaths},
    middleware::{cors, finish_response},
    node::told_to_stop,
    reach::{EventReach, SessionReach, Wechat},
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
        self.public_scope()
    }

    /// Adds every public endpoint to an app, and what its [`guard`](crate::guard)s need. All other paths stay the app's own,
    /// wherever in it this is called.
    ///
    /// ```
    /// # fn mount(saoma: saoma_api::Saoma) {
    /// use actix_web::{App, web};
    ///
    /// App::new()
    ///     .configure(|config| saoma.configure(config))
    ///     .route("/", web::get().to(|| async { "the app's own page" }))
    ///     .default_service(web::to(|| async { "the app's own answer for other paths" }));
    /// # }
    /// ```
    pub fn configure(&self, config: &mut ServiceConfig) {
        let own = OwnPaths::new(self.config(), &self.app.assets);
        self.app.register_for_guards(config);
        config.service(self.public_scope().guard(fn_guard(move |call| own.contains(call.head().uri.path()))));
    }

    fn public_scope(
        &self,
    ) -> Scope<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody + use<>>,
            Error = Error,
            InitError = (),
        > + use<>,
    > {
        let app = Arc::clone(&self.app);
        self.scope(true, move |config: &mut ServiceConfig| handlers::public(config, &app.assets, &app.config))
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
    fn scope<F>(
        &self,
        is_public: bool,
        register: F,
    ) -> Scope<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<impl MessageBody + use<F>>,
            Error = Error,
            InitError = (),
        > + use<F>,
    >
    where
        F: FnOnce(&mut ServiceConfig),
    {
        // The operator's endpoints have a listener of their own.
        let mount = if is_public { self.config().mount.as_str() } else { "" };
        // Without a mount it matches every path. The data come before `wrap`, so that the middleware sees them.
        Scope::new(mount)
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

    /// Tells those who hear events what is due now, and returns when they were told. The work in the background does that by
    /// itself; a test does not have to wait for it.
    ///
    /// # Errors
    /// [`ServiceError::Store`] where the events cannot be read.
    pub async fn tell_events(&self) -> Result<(), ServiceError> {
        Ok(self.app.maintenance.telling.tell_now().await?)
    }

    /// Takes what the accounts answer (`[[wechat.apps.replies_to]]`) from a configuration that was read anew. Nothing else of
    /// it is taken.
    pub fn reload_replies(&self, config: &Config) {
        self.app.replace_replies(config);
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

    /// Returns a WeChat app by the name that the configuration gives it; `None` where there is none.
    pub fn wechat(&self, app: &str) -> Option<Wechat> {
        let app = self.config().wechat.apps.iter().find(|known| known.name.as_str() == app)?;
        Some(Wechat { app: app.name.clone(), access: self.app.app_access() })
    }

    /// Returns the journal of what WeChat told: what `saoma event` lists, shows and replays.
    pub fn events(&self) -> EventReach {
        self.app.events()
    }

    /// Returns the audit trail.
    pub fn audit(&self) -> Arc<dyn AuditTrail> {
        self.app.audit()
    }

    /// Returns the sessions, for calls that do not come by HTTP.
    pub fn sessions(&self) -> SessionReach {
        SessionReach { sessions: self.app.sessions(), policy: self.config().session }
    }

    /// Adds the service's counters to a registry of the app's, under the prefix `saoma`.
    pub fn register_metrics_into(&self, registry: &mut Registry) {
        self.app.register_metrics_into(registry);
    }

    /// Runs an application until its process is told to stop (SIGTERM, SIGINT) or its server ends: does the work in the
    /// background meanwhile, then tells those who wait, and lets the server finish what it has begun.
    ///
    /// ```no_run
    /// # async fn run(saoma: saoma_api::Saoma) -> std::io::Result<()> {
    /// use actix_web::{App, HttpServer};
    ///
    /// let app = saoma.clone();
    /// let server = HttpServer::new(move || App::new().service(app.service())).bind("127.0.0.1:8080")?.run();
    /// saoma.run_until_stopped(server).await
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the server.
    pub async fn run_until_stopped(&self, server: Server) -> io::Result<()> {
        let background = tokio::spawn(self.background());
        let (saoma, handle) = (self.clone(), server.handle());
        let stopping = tokio::spawn(async move {
            told_to_stop().await;
            saoma.begin_shutdown();
            handle.stop(true).await;
        });
        let served = server.await;
        self.begin_shutdown();
        stopping.abort();
        // It ends by itself once the shutdown has begun.
        let _ = background.await;
        served
    }

    pub(crate) fn database(&self) -> Arc<dyn Health> {
        Arc::clone(&self.app.readiness.database)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.app.config
    }
}
