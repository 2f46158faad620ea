//! The two pages in a browser.

use actix_web::http::header::{ContentType, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};

use super::AuthorizeError;
use super::request::{Door, read_query};
use crate::simulation::Simulation;
use crate::wechat_api::gate;
use crate::world::{Api, AuthorizeRequest, OauthScope};

/// Says whose WeChat the browser belongs to; the phone page sets it.
const PERSON_COOKIE: &str = "saoma_sandbox_person";

const TEMPLATE: &str = include_str!("../../web/connect.html");

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/connect/qrconnect", web::get().to(qrconnect))
        .route("/connect/oauth2/authorize", web::get().to(authorize));
}

async fn qrconnect(simulation: web::Data<Simulation>, http: HttpRequest) -> HttpResponse {
    gate(&simulation, Api::Qrconnect, || open(&simulation, Door::Website, &http)).await
}

async fn authorize(simulation: web::Data<Simulation>, http: HttpRequest) -> HttpResponse {
    gate(&simulation, Api::Authorize, || open(&simulation, Door::InWechat, &http)).await
}

fn open(simulation: &Simulation, door: Door, http: &HttpRequest) -> HttpResponse {
    let request = match read_query(&simulation.world, door, http.query_string()) {
        Ok(request) => request,
        Err(error) => return problem(error),
    };
    let person = http.cookie(PERSON_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    if request.scope == OauthScope::Base
        && let Ok(url) = simulation.grant(&person, &request, false)
    {
        return HttpResponse::Found().insert_header((LOCATION, url.as_str())).finish();
    }
    let id = simulation.open_page(request.clone());
    html(HttpResponse::Ok(), &Shown::Request { id: &id, request: &request })
}

fn problem(error: AuthorizeError) -> HttpResponse {
    html(HttpResponse::BadRequest(), &Shown::Problem(error))
}

/// What stands on a page.
enum Shown<'a> {
    Request { id: &'a str, request: &'a AuthorizeRequest },
    Problem(AuthorizeError),
}

fn html(mut builder: actix_web::HttpResponseBuilder, shown: &Shown<'_>) -> HttpResponse {
    let values = match shown {
        Shown::Request { id, request } => [*id, &request.app, request.scope.as_str(), "", ""].map(escape),
        Shown::Problem(error) => {
            let number = error.code().map(|code| code.to_string()).unwrap_or_default();
            ["", "", "", error.word(), &number].map(escape)
        }
    };
    let gaps = ["{{page}}", "{{app}}", "{{scope}}", "{{problem}}", "{{number}}"];
    let filled = gaps.iter().zip(values);
    let page = filled.fold(TEMPLATE.to_owned(), |page, (gap, value)| page.replace(gap, &value));
    builder.content_type(ContentType::html()).body(page)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '{' => escaped.push_str("&#123;"),
            _ => escaped.push(c),
        }
    }
    escaped
}
