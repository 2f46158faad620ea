//! The shop as a program: `cargo run -p saoma-shop`, beside a `saoma.toml`.

use actix_web::{App, HttpServer};
use saoma_api::{Adapters, build, config::Config};
use saoma_shop::{Failure, Orders, environment, routes};

#[actix_web::main]
async fn main() -> Result<(), Failure> {
    let config = Config::load(Some("saoma.toml".as_ref()), std::env::vars())?;
    let (listen, orders) = (config.server.listen, Orders::open("shop.db")?);
    let adapters = Adapters::connect_with(&config, environment(&orders)).await?;
    let saoma = build(config, adapters);
    let app = saoma.clone();
    let server = HttpServer::new(move || App::new().configure(routes(&app, &orders))).bind(listen)?.run();
    saoma.run_until_stopped(server).await?;
    Ok(())
}
