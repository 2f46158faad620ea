//! Actix that answers `hello`.

use std::net::TcpListener;

use actix_web::{App, HttpServer, rt::System, web::get};

use super::WORKERS;

pub(super) fn serve(listener: TcpListener) {
    let server = HttpServer::new(|| App::new().route("/", get().to(async || "hello")));
    let server = server.workers(WORKERS).listen(listener).unwrap();
    System::new().block_on(server.run()).unwrap();
}
