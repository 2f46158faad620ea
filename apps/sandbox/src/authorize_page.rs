//! The pages on which people allow a service to know them: `/connect/qrconnect` for websites and
//! `/connect/oauth2/authorize` inside WeChat.

use std::sync::Arc;

use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType, LOCATION};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use crate::authorize_url::{AuthorizePage, is_panel, read_query};
use crate::error::AuthorizeError;
use crate::person::Person;
use crate::phone_page;
use crate::simulation::Simulation;
use crate::state::{Api, OauthScope};
use crate::wechat_api::answer_or_fail;

/// Names the person whose WeChat the browser belongs to; the phone page sets it.
const PERSON_COOKIE: &str = "saoma_sandbox_person";

const TEMPLATE: &str = include_str!("../web/connect.html");

/// Plays WeChat's script that puts the page for websites into a frame, the panel.
const PANEL_SCRIPT: &str = include_str!("../web/wxLogin.js");

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
    let script =
        || async { HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(PANEL_SCRIPT) };
    config.route("/connect/zh_CN/htmledition/js/wxLogin.js", web::get().to(script));
}

fn open(simulation: &Arc<Simulation>, page: AuthorizePage, http: &HttpRequest) -> HttpResponse {
    let frame = frame_of(page, http.query_string());
    let request = match read_query(&simulation.shared, page, http.query_string()) {
        Ok(request) => request,
        Err(error) => return problem_page(error, frame),
    };
    let person = http.cookie(PERSON_COOKIE).map(|cookie| cookie.value().to_owned()).unwrap_or_default();
    if request.scope == OauthScope::Base
        && let Ok(url) = Person::find(simulation, &person).and_then(|person| person.grant(&request, false))
    {
        return HttpResponse::Found().insert_header((LOCATION, url.as_str())).finish();
    }
    let (app, scope) = (request.app.clone(), request.scope.as_str());
    let id = simulation.open_page(request);
    html(HttpResponse::Ok(), frame, [&id, &app, scope, "", ""])
}

fn problem_page(error: AuthorizeError, frame: &str) -> HttpResponse {
    let number = error.code().map(|code| code.to_string()).unwrap_or_default();
    html(HttpResponse::BadRequest(), frame, ["", "", "", error.key(), &number])
}

/// Returns which window a decision leads on, where the page stands in a frame: `self`, or `top` as WeChat does by default.
fn frame_of(page: AuthorizePage, query: &str) -> &'static str {
    match page {
        AuthorizePage::Website if is_panel(query) => {
            if query.split('&').any(|pair| pair == "self_redirect=true") { "self" } else { "top" }
        }
        AuthorizePage::Website | AuthorizePage::InWechat => "",
    }
}

/// Fills the template with page id, app, scope, problem and its number. `frame` is what [`frame_of`] returns.
fn html(mut builder: HttpResponseBuilder, frame: &str, values: [&str; 5]) -> HttpResponse {
    if !frame.is_empty() {
        builder.insert_header((CONTENT_SECURITY_POLICY, phone_page::framed_policy()));
    }
    let gaps = ["{{page}}", "{{app}}", "{{scope}}", "{{problem}}", "{{number}}"];
    let filled = gaps.iter().zip(values.map(escape));
    let page = filled.fold(TEMPLATE.to_owned(), |page, (gap, value)| page.replace(gap, &value));
    builder.content_type(ContentType::html()).body(page.replace("{{frame}}", frame))
}

fn escape(text: &str) -> String {
    let gaps = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('{', "&#123;")];
    gaps.into_iter().fold(text.to_owned(), |text, (c, escaped)| text.replace(c, escaped))
}
