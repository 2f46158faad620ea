//! `GET /v1/admin/status`, `GET /v1/admin/funnel`

use actix_web::{HttpRequest, HttpResponse, web::Data};
use saoma_domain::{
    ports::{Clock, Funnel, FunnelPeriod},
    services::ServiceError,
    time::Timestamp,
};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    auth::{SiteCall, scope::StatusRead},
    dto::{FunnelBody, FunnelBy, FunnelQuery, StatusBody},
    extract::query,
    handlers::json,
    node::{FunnelCounters, StatusReport},
    problem::{ErrorCode, Problem, ProblemBody},
};

const DAY_SECS: i64 = 24 * 60 * 60;

/// For so many days there are hours.
const DAYS_OF_HOURS: i64 = 35;

/// Says how the service is: versions, apps, queues.
#[utoipa::path(get, path = "/v1/admin/status", tag = "status", security(("key" = ["status:read"])), responses(
    (status = 200, description = "How the service is", body = StatusBody),
    (status = "default", description = "`key_invalid`, `scope_missing`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn status(
    _: SiteCall<StatusRead>,
    report: Data<StatusReport>,
) -> Result<HttpResponse, Problem> {
    Ok(json(&report.read().await))
}

/// Says how many logins took which step, by the hour for 35 days and by the day for 400.
#[utoipa::path(get, path = "/v1/admin/funnel", tag = "status", security(("key" = ["status:read"])),
    params(FunnelQuery), responses(
    (status = 200, description = "The funnel", body = FunnelBody),
    (status = "default", description = "`key_invalid`, `scope_missing`, `body_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn funnel(
    _: SiteCall<StatusRead>,
    request: HttpRequest,
    funnel: Data<dyn Funnel>,
    counters: Data<FunnelCounters>,
    clock: Data<dyn Clock>,
) -> Result<HttpResponse, Problem> {
    let FunnelQuery { from, to, by, period } = query(&request)?;
    let now = clock.now();
    let to = moment(to.as_deref(), "to")?.unwrap_or(Timestamp::from_secs(now.as_secs() + 1));
    let from = moment(from.as_deref(), "from")?.unwrap_or(Timestamp::from_secs(to.as_secs() - DAY_SECS));
    let by = FunnelBy::parse(by.as_deref().unwrap_or_default()).ok_or_else(|| wrong("by"))?;
    let has_hours = from.as_secs() > now.as_secs() - DAYS_OF_HOURS * DAY_SECS;
    let period = match period.as_deref() {
        Some("hour") => FunnelPeriod::Hour,
        Some("day") => FunnelPeriod::Day,
        None => {
            if has_hours {
                FunnelPeriod::Hour
            } else {
                FunnelPeriod::Day
            }
        }
        Some(_) => return Err(wrong("period")),
    };
    // What this node has counted up to now belongs to the answer.
    counters.add_waiting().await;
    let begins = Timestamp::from_secs(from.as_secs().div_euclid(period.secs()) * period.secs());
    let counts = funnel.counts(period, begins, to).await.map_err(ServiceError::from)?;
    Ok(json(&FunnelBody::new(period, from, to, by, counts)))
}

pub(super) fn moment(text: Option<&str>, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let read = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| wrong(name))?;
    Ok(Some(Timestamp::from_secs(read.unix_timestamp())))
}

fn wrong(name: &str) -> Problem {
    Problem::new(ErrorCode::BodyInvalid, format!("`{name}` is not of the expected form"))
}
