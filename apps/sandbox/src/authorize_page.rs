//! The pages on which people allow a service to know them: `/connect/qrconnect` for websites and
//! `/connect/oauth2/authorize` inside WeChat.

use std::sync::Arc;

use actix_web::http::header::{ContentType, LOCATION};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use crate::authorize_url::{AuthorizePage, read_query};
use crate::error::AuthorizeError;
use crate::person::Person;
use crate::simulation::Simulation;
use crate::state::{Api, OauthScope};
use crate::wechat_api::answer_or_fail;

/// Names the person whose WeChat the browser belongs to; the phone page sets it.
const PERSON_COOKIE: &str = "saoma_sandbox_person";

const TEMPLATE: &str = include_str!("../web/connect.html");

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    for (path, api, page) in [
        ("/connect/qrconnect", Api::Qrconnect, AuthorizePage::Website),
        ("/connect/oauth2/authorize", Api::Authorize, AuthorizePage::InWechat),
    ] {
        let handle = move |on: web::Data<Simulation>, http: HttpRequest| async move {
            answer_or_fail(&on.shared, api, || open(&on, page, &http)).await
        };
        config.route(path, web::get().to(handle));
    }
}

fn open(simulation: &Arc<Simulation>, page: AuthorizePage, http: &HttpRequest) -> HttpResponse {
    let request = match read_query(&simulation.shared, page, http.query_string()) {
        Ok(request) => request,
        Err(error) => return problem_page(error),
    };
    let person = http.cookie(PERSON_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    if request.scope == OauthScope::Base
        && let Ok(url) = Person::find(simulation, &person).and_then(|person| person.grant(&request, false))
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
    let gaps = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('{', "&#123;")];
    gaps.into_iter().fold(text.to_owned(), |text, (c, escaped)| text.replace(c, escaped))
}
