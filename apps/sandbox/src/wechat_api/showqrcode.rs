//! `GET /cgi-bin/showqrcode`, and the same picture for the phone page.

use actix_web::{HttpResponse, web};

use super::Query;
use super::answer::gate;
use super::picture::png_of;
use crate::simulation::Simulation;
use crate::world::{Api, World};

/// Draws the code of a ticket; 404 for one that is unknown or over.
pub(super) async fn handle(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    gate(&simulation, Api::Showqrcode, || draw(&simulation.world, &query)).await
}

/// `GET /sandbox/codes?ticket=`: what a phone has in sight. It is no call of WeChat's API, so that it is
/// neither counted nor made to fail.
pub(super) async fn in_sight(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    draw(&simulation.world, &query)
}

fn draw(world: &World, query: &Query) -> HttpResponse {
    let ticket = query.get("ticket").map(String::as_str).unwrap_or_default();
    let now = world.now();
    let url = world.read(|state| {
        state.codes.by_ticket(ticket).filter(|code| code.is_open(now)).map(|code| code.url.clone())
    });
    match url.and_then(|url| png_of(&url)) {
        Some(png) => HttpResponse::Ok().content_type("image/png").body(png),
        None => HttpResponse::NotFound().finish(),
    }
}
