//! `GET /v1/admin/events`, `POST /v1/admin/events/{eid}/replay`

use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path},
};
use saoma_domain::{
    journal::{JournalFilter, JournalId},
    login::LoginId,
    services::SiteTrail,
    wechat::{AppName, OpenId},
};

use crate::{
    auth::{
        SiteCall,
        scope::{EventsRead, EventsReplay},
    },
    dto::{JournalBody, JournalQuery, Page, ReplayBody, ReplayRequest, page_limit},
    extract::{optional_json, query},
    handlers::json,
    journal::{JournalWriter, Replayed, Replays},
    problem::{ErrorCode, Problem, ProblemBody},
};

/// Lists what WeChat told and what it led to, the newest first.
#[utoipa::path(get, path = "/v1/admin/events", tag = "events", security(("key" = ["events:read"])),
    params(JournalQuery), responses(
    (status = 200, description = "Entries of the journal", body = Page<JournalBody>),
    (status = "default", description = "`key_invalid`, `scope_missing`, `body_invalid`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn list(
    call: SiteCall<EventsRead>,
    request: HttpRequest,
    journal: Data<JournalWriter>,
    trail: Data<SiteTrail>,
) -> Result<HttpResponse, Problem> {
    let asked: JournalQuery = query(&request)?;
    let limit = page_limit(asked.limit)?;
    let after = asked.after.as_deref().map(|after| JournalId::parse(after).ok_or_else(|| wrong("after")));
    let entries = journal.entries(filter(&asked)?, after.transpose()?, limit + 1).await?;
    trail.read_of_many(call.by(), "a page of the journal").await?;
    let items = entries.iter().map(JournalBody::new).collect();
    Ok(json(&Page::new(items, limit, |item: &JournalBody| item.id.clone())))
}

/// Takes an event again as if it came now, and says what it led to; with `dry_run` what it would lead to.
#[utoipa::path(post, path = "/v1/admin/events/{eid}/replay", tag = "events", security(("key" = ["events:replay"])),
    params(("eid" = String, Path, description = "The entry's id")), request_body = ReplayRequest, responses(
    (status = 200, description = "What it led to", body = ReplayBody),
    (status = "default", description = "`key_invalid`, `scope_missing`, `not_found`", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn replay(
    call: SiteCall<EventsReplay>,
    id: Path<String>,
    request: HttpRequest,
    journal: Data<JournalWriter>,
    replays: Data<Replays>,
    trail: Data<SiteTrail>,
) -> Result<HttpResponse, Problem> {
    let ReplayRequest { dry_run } = optional_json(&request)?;
    let unknown = || Problem::new(ErrorCode::NotFound, "the journal has no entry of this id");
    let id = JournalId::parse(&id).ok_or_else(unknown)?;
    let entry = journal.entry(id).await?.ok_or_else(unknown)?;
    if !dry_run {
        trail.did(call.by(), format!("replay of the event {id}")).await?;
    }
    let Replayed { outcome, detail, entry } = replays.replay(&entry, dry_run).await?;
    Ok(json(&ReplayBody { outcome, detail, id: entry.map(|id| id.to_string()) }))
}

fn filter(asked: &JournalQuery) -> Result<JournalFilter, Problem> {
    let app = asked.app.as_deref().map(|app| AppName::parse(app).map_err(|_| wrong("app")));
    let openid = asked.openid.as_deref().map(|openid| OpenId::parse(openid).map_err(|_| wrong("openid")));
    let login = asked.login.as_deref().map(|login| LoginId::from_store(login).ok_or_else(|| wrong("login")));
    Ok(JournalFilter {
        app: app.transpose()?,
        openid: openid.transpose()?,
        outcome: asked.outcome.clone(),
        login: login.transpose()?,
    })
}

fn wrong(name: &str) -> Problem {
    Problem::new(ErrorCode::BodyInvalid, format!("`{name}` is not of the expected form"))
}
