//! `GET /cgi-bin/showqrcode`

use actix_web::{HttpResponse, web};

use super::Query;
use super::answer::gate;
use super::picture::png_of;
use crate::simulation::Simulation;
use crate::world::Api;

/// Draws the code of a ticket; 404 for one that is unknown or over.
pub(super) async fn handle(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    gate(&simulation, Api::Showqrcode, || {
        let world = &simulation.world;
        let ticket = query.get("ticket").map(String::as_str).unwrap_or_default();
        let now = world.now();
        let url = world.read(|state| {
            state.codes.by_ticket(ticket).filter(|code| code.is_open(now)).map(|code| code.url.clone())
        });
        match url.and_then(|url| png_of(&url)) {
            Some(png) => HttpResponse::Ok().content_type("image/png").body(png),
            None => HttpResponse::NotFound().finish(),
        }
    })
    .await
}
