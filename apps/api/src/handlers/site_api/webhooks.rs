//! `GET /v1/admin/webhooks`, `POST /v1/admin/webhooks/{wid}/retry`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{event::EventId, services::SiteTrail};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    auth::{SiteCall, scope::EventsRead},
    dto::{DeliveryBody, Page, page_limit},
    extract::query,
    handlers::json,
    problem::{ErrorCode, Problem, ProblemBody},
    telling::Telling,
};

/// Which page of the list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveriesQuery {
    /// `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 200; 50 by default.
    limit: Option<u32>,
}

/// Lists what was not delivered yet to webhooks and to the embedder, the oldest first.
#[utoipa::path(get, path = "/v1/admin/webhooks", tag = "events", security(("key" = ["events:read"])),
    params(DeliveriesQuery), responses(
    (status = 200, description = "Deliveries that wait or failed", body = Page<DeliveryBody>),
    (status = "default", description = "`key_invalid`, `scope_missing`, `body_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    _: SiteCall<EventsRead>,
    request: HttpRequest,
    telling: Data<Telling>,
) -> Result<HttpResponse, Problem> {
    let DeliveriesQuery { after, limit } = query(&request)?;
    let after = after.map(|after| delivery_id(&after)).transpose()?;
    let limit = page_limit(limit)?;
    let found = telling.deliveries(after, limit + 1).await?;
    let items = found.iter().map(|delivery| DeliveryBody::new(delivery, telling.target(&delivery.receiver)));
    Ok(json(&Page::new(items.collect(), limit, |item: &DeliveryBody| item.id.clone())))
}

/// Has a delivery tried again at once, and for a day from now on.
#[utoipa::path(post, path = "/v1/admin/webhooks/{wid}/retry", tag = "events", security(("key" = ["events:read"])),
    params(("wid" = String, Path, description = "The delivery's id")), responses(
    (status = 202, description = "It is tried"),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`: it was delivered", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn retry(
    call: SiteCall<EventsRead>,
    id: Path<String>,
    telling: Data<Telling>,
    trail: Data<SiteTrail>,
) -> Result<HttpResponse, Problem> {
    let unknown = || Problem::new(ErrorCode::NotFound, "no delivery of this id waits or has failed");
    let id = delivery_id(&id).map_err(|_| unknown())?;
    if !telling.retry(id).await? {
        return Err(unknown());
    }
    trail.did(call.by(), format!("another try of the delivery {id}")).await?;
    Ok(HttpResponse::Accepted().finish())
}

fn delivery_id(text: &str) -> Result<EventId, Problem> {
    let wrong = |_| Problem::new(ErrorCode::BodyInvalid, "`after` has to be `next` of the page before");
    text.parse().map(EventId::from_store).map_err(wrong)
}
