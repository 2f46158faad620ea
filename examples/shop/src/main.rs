//! The shop as a program: `cargo run -p saoma-shop`, beside a `saoma.toml`.

use std::sync::Arc;

use actix_web::{App, HttpServer};
use saoma_api::{Adapters, Environment, build, config::Config};
use saoma_shop::{Assistant, Failure, Orders, routes};

#[actix_web::main]
async fn main() -> Result<(), Failure> {
    let config = Config::load(Some("saoma.toml".as_ref()), std::env::vars())?;
    let (listen, orders) = (config.server.listen, Orders::open("shop.db")?);
    let assistant = Arc::new(Assistant(orders.clone()));
    let environment = Environment { on_message: assistant, ..Environment::default() };
    let saoma = build(config.clone(), Adapters::connect_with(&config, environment).await?);
    let app = saoma.clone();
    let server = HttpServer::new(move || App::new().configure(routes(&app, &orders))).bind(listen)?.run();
    saoma.run_until_stopped(server).await?;
    Ok(())
}
