//! `GET /metrics`, on the operator's listener

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, ServiceConfig},
};

use super::Endpoint;
use crate::node::{Metrics, Slots};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/metrics").get(metrics).done());
}

async fn metrics(metrics: Data<Metrics>, slots: Data<Slots>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, OPEN_METRICS)).body(metrics.text(slots.taken()))
}
