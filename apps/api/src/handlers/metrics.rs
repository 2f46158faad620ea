//! `GET /metrics`, on the operator's listener

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, ServiceConfig},
};

use saoma_domain::services::{ReadyCodes, SmsWatch};

use super::Endpoint;
use crate::node::{Metrics, MetricsFormat, Slots};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const CLASSIC: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn register(config: &mut ServiceConfig) {
    config.service(Endpoint::at("/metrics").get(metrics).done());
}

async fn metrics(
    request: HttpRequest,
    metrics: Data<Metrics>,
    slots: Data<Slots>,
    sms: Data<SmsWatch>,
    codes: Data<ReadyCodes>,
) -> HttpResponse {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let wants_open = accept.is_some_and(|accept| accept.contains("application/openmetrics-text"));
    let (format, kind) = if wants_open {
        (MetricsFormat::OpenMetrics, OPEN_METRICS)
    } else {
        (MetricsFormat::Classic, CLASSIC)
    };
    let text = metrics.text(format, slots.taken(), sms.too_many_unused().is_some(), &codes.counts());
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, kind)).body(text)
}
