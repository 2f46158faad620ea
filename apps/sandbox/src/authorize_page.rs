//! The pages on which people allow a service to know them: `/connect/qrconnect` for websites and
//! `/connect/oauth2/authorize` inside WeChat.

use actix_web::http::header::{ContentType, LOCATION};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use crate::authorize_url::{AuthorizePage, read_query};
use crate::error::AuthorizeError;
use crate::simulation::Simulation;
use crate::state::{Api, OauthScope};
use crate::wechat_api::answer_or_fail;

/// Names the person whose WeChat the browser belongs to; the phone page sets it.
const PERSON_COOKIE: &str = "saoma_sandbox_person";

const TEMPLATE: &str = include_str!("../web/connect.html");

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/connect/qrconnect", web::get().to(qrconnect))
        .route("/connect/oauth2/authorize", web::get().to(authorize));
}

async fn qrconnect(simulation: web::Data<Simulation>, http: HttpRequest) -> HttpResponse {
    let open = || open(&simulation, AuthorizePage::Website, &http);
    answer_or_fail(&simulation.shared, Api::Qrconnect, open).await
}

async fn authorize(simulation: web::Data<Simulation>, http: HttpRequest) -> HttpResponse {
    let open = || open(&simulation, AuthorizePage::InWechat, &http);
    answer_or_fail(&simulation.shared, Api::Authorize, open).await
}

fn open(simulation: &Simulation, page: AuthorizePage, http: &HttpRequest) -> HttpResponse {
    let request = match read_query(&simulation.shared, page, http.query_string()) {
        Ok(request) => request,
        Err(error) => return problem_page(error),
    };
    let person = http.cookie(PERSON_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    if request.scope == OauthScope::Base
        && let Ok(url) = simulation.grant(&person, &request, false)
    {
        return HttpResponse::Found().insert_header((LOCATION, url.as_str())).finish();
    }
    let (app, scope) = (request.app.clone(), request.scope.as_str());
    let id = simulation.open_page(request);
    html(HttpResponse::Ok(), [&id, &app, scope, "", ""])
}

fn problem_page(error: AuthorizeError) -> HttpResponse {
    let number = error.code().map(|code| code.to_string()).unwrap_or_default();
    html(HttpResponse::BadRequest(), ["", "", "", error.key(), &number])
}

/// Fills the template with page id, app, scope, problem and its number.
fn html(mut builder: HttpResponseBuilder, values: [&str; 5]) -> HttpResponse {
    let gaps = ["{{page}}", "{{app}}", "{{scope}}", "{{problem}}", "{{number}}"];
    let filled = gaps.iter().zip(values.map(escape));
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
