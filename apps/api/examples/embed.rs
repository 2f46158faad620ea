//! An actix-web application of its own with the login service in it, and a page for people who are logged in.
//!
//! `cargo run -p saoma-api --example embed`, beside a `saoma.toml` or with `SAOMA__…` in the environment, then
//! open `/orders` at the address of `server.listen`.

use std::{io, net::TcpListener};

use actix_web::{
    App, HttpServer, Responder,
    dev::Server,
    middleware::from_fn,
    web::{self, ServiceConfig},
};
use saoma_api::{
    Adapters, Saoma, build,
    config::Config,
    guard::{self, LoggedIn},
};

/// A public page.
async fn welcome() -> impl Responder {
    "Welcome. Your orders are at /orders."
}

/// A page for people who are logged in.
async fn orders(person: LoggedIn) -> impl Responder {
    format!(
        "The orders of account {} ({}).",
        person.account.id,
        person.account.masked_phone().unwrap_or_default()
    )
}

/// What a person does there.
async fn order(person: LoggedIn) -> impl Responder {
    format!("Ordered for account {}.", person.account.id)
}

/// What the application is made of.
fn routes(saoma: &Saoma) -> impl FnOnce(&mut ServiceConfig) + use<'_> {
    move |config| {
        saoma.for_guards()(config);
        config
            // Browsers are sent to the login page, and come back.
            .service(web::resource("/orders").wrap(from_fn(guard::required)).get(orders))
            // Programs are told 401.
            .route("/api/orders", web::get().to(orders))
            // Calls that change something have to come from a page of the site.
            .route("/api/orders", web::post().to(order))
            .route("/welcome", web::get().to(welcome))
            // Last: it answers for every other path.
            .service(saoma.service());
    }
}

/// Serves the application on a listener until the future is dropped.
pub(crate) fn serve(saoma: Saoma, listener: TcpListener) -> io::Result<Server> {
    tokio::spawn(saoma.background());
    Ok(HttpServer::new(move || App::new().configure(routes(&saoma))).listen(listener)?.run())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::path::Path::new("saoma.toml");
    let config = Config::load(file.exists().then_some(file), std::env::vars())?;
    let listener = TcpListener::bind(config.server.listen)?;
    let adapters = Adapters::connect(&config).await?;
    serve(build(config, adapters), listener)?.await?;
    Ok(())
}
