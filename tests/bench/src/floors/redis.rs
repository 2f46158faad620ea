//! Actix that reads its answer from Redis, over one connection a worker.

use std::net::TcpListener;

use actix_web::{
    App, HttpResponse, HttpServer,
    rt::System,
    web::{Data, get},
};
use redis::{AsyncCommands, Client, RedisError, aio::MultiplexedConnection};

use super::WORKERS;

/// What is read.
const KEY: &str = "floor";
const VALUE: &str =
    "{\"id\":\"AGkdAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"state\":\"loop\",\"version\":1,\"expires_in\":87}";

pub(super) fn serve(listener: TcpListener, url: &str) {
    let client = Client::open(url).unwrap();
    let server = HttpServer::new(move || {
        let client = client.clone();
        let connect = move || connect(client.clone());
        App::new().data_factory(connect).route("/", get().to(answer))
    });
    let server = server.workers(WORKERS).listen(listener).unwrap();
    System::new().block_on(server.run()).unwrap();
}

async fn connect(client: Client) -> Result<MultiplexedConnection, RedisError> {
    let mut connection = client.get_multiplexed_async_connection().await?;
    let () = connection.set(KEY, VALUE).await?;
    Ok(connection)
}

async fn answer(connection: Data<MultiplexedConnection>) -> HttpResponse {
    let mut connection = (**connection).clone();
    match connection.get::<_, String>(KEY).await {
        Ok(json) => HttpResponse::Ok().content_type("application/json").body(json),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}
