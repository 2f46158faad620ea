//! Login with WeChat as an actix-web service: a library to embed, and the binary `saoma`.
//!
//! Everything is at the root of the site: cookies and the page go by absolute paths, so the service cannot be
//! mounted below a prefix.
//!
//! [`build`] is the only way to make the service, for the binary, the demo, tests and embedders alike: it
//! takes a checked [`config::Config`] and the [`Adapters`] to work with, any of whose ports can be swapped for
//! an implementation of your own. What it returns is mounted into an actix-web app of your own:
//!
//! ```no_run
//! use actix_web::{App, HttpServer, web};
//! use saoma_api::{Adapters, build, config::Config};
//!
//! # async fn embed() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::load(Some("saoma.toml".as_ref()), std::env::vars())?;
//! let adapters = Adapters::connect(&config).await?;
//! let saoma = build(config, adapters);
//! tokio::spawn(saoma.background()); // removes what is over, finds what a wake-up missed
//! HttpServer::new(move || {
//!     App::new()
//!         .route("/hello", web::get().to(|| async { "my own route" }))
//!         .service(saoma.service()) // last: it answers for every other path
//! })
//! .bind(("127.0.0.1", 8080))?
//! .run()
//! .await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`guard`] tells your own routes who is logged in; `examples/embed.rs` is a whole application.

#![deny(missing_docs)]

mod adapters;
mod check;
pub mod config;
pub mod guard;
mod http;
mod metrics;
mod openapi;
mod qr;
mod routes;
mod server;
mod service;
mod shutdown;
mod state;
mod system;
mod texts;
mod wire;

pub use saoma_domain as domain;

pub use adapters::{Adapters, ConnectError, migrate};
pub use check::{Finding, check};
pub use server::{Server, ServerError};
pub use service::{Saoma, build};
pub use system::{OsRandom, SystemClock, TokioBackground};

/// Returns the description of the HTTP API (OpenAPI 3.1) as JSON.
pub fn openapi_json() -> &'static str {
    routes::openapi_json()
}
