//! `GET /metrics`, on the operator's listener

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, ServiceConfig},
};

use saoma_domain::services::{ReadyCodes, SmsWatch};

use super::Endpoint;
use crate::node::{Metrics, Slots};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/metrics").get(metrics).done());
}

async fn metrics(
    metrics: Data<Metrics>,
    slots: Data<Slots>,
    sms: Data<SmsWatch>,
    codes: Data<ReadyCodes>,
) -> HttpResponse {
    let text = metrics.text(slots.taken(), sms.too_many_unused().is_some(), &codes.counts());
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, OPEN_METRICS)).body(text)
}
