//! `GET /cgi-bin/showqrcode`, and the same picture for the phone page.

use actix_web::{HttpResponse, web};

use super::answer::answer_or_fail;
use super::call::Query;
use super::picture::png_of;
use crate::shared_state::SharedState;
use crate::simulation::Simulation;
use crate::state::Api;

/// Draws the code of a ticket; 404 for one that is unknown or has expired.
pub(super) async fn handle(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    answer_or_fail(&simulation.shared, Api::Showqrcode, || draw(&simulation.shared, &query)).await
}

/// `GET /sandbox/codes?ticket=`: the picture that a phone sees. It is no call of WeChat's API, so it is neither
/// counted nor made to fail.
pub(super) async fn picture(simulation: web::Data<Simulation>, query: Query) -> HttpResponse {
    draw(&simulation.shared, &query)
}

fn draw(shared: &SharedState, query: &Query) -> HttpResponse {
    let ticket = query.get("ticket").map(String::as_str).unwrap_or_default();
    let now = shared.now();
    let url = shared.read(|state| {
        state.qr_codes.by_ticket(ticket).filter(|code| code.is_open(now)).map(|code| code.url.clone())
    });
    match url.and_then(|url| png_of(&url)) {
        Some(png) => HttpResponse::Ok().content_type("image/png").body(png),
        None => HttpResponse::NotFound().finish(),
    }
}
