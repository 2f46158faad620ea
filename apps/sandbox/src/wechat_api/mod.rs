//! WeChat's own API, as the service behind an app calls it.

mod answer;
mod avatar;
mod call;
mod errcode;
mod mini_codes;
mod mini_program;
mod official_account;
mod qr_codes;
mod sns;
mod stable_token;

use actix_web::http::Method;
use actix_web::{HttpRequest, Route, web};

use crate::simulation::Simulation;
use crate::state::Api;

pub(crate) use answer::answer_or_fail;
use answer::{ApiResult, Form, refusal, write};
use call::{Call, Query};
use errcode::Errcode;

type AnswerFn = fn(&Call<'_>) -> ApiResult;

/// One call of WeChat's API that is answered in JSON.
struct Endpoint {
    method: Method,
    path: &'static str,
    api: Api,
    form: Form,
    answer: AnswerFn,
}

const fn get(path: &'static str, api: Api, form: Form, answer: AnswerFn) -> Endpoint {
    Endpoint { method: Method::GET, path, api, form, answer }
}

const fn post(path: &'static str, api: Api, form: Form, answer: AnswerFn) -> Endpoint {
    Endpoint { method: Method::POST, path, api, form, answer }
}

/// A new call is a row here, a function with its answer, and a variant of [`Api`].
const ENDPOINTS: [Endpoint; 11] = [
    post("/cgi-bin/stable_token", Api::StableToken, Form::Json, stable_token::answer),
    post("/cgi-bin/qrcode/create", Api::QrcodeCreate, Form::Text, qr_codes::create),
    get("/cgi-bin/user/info", Api::UserInfo, Form::Json, official_account::user_info),
    get("/cgi-bin/ticket/getticket", Api::Getticket, Form::Json, official_account::ticket),
    post("/cgi-bin/openapi/quota/get", Api::QuotaGet, Form::Json, official_account::quota),
    post("/cgi-bin/message/custom/send", Api::CustomSend, Form::Json, official_account::custom_send),
    get("/sns/oauth2/access_token", Api::SnsAccessToken, Form::Text, sns::access_token),
    get("/sns/oauth2/refresh_token", Api::SnsRefreshToken, Form::Text, sns::refresh_token),
    get("/sns/userinfo", Api::SnsUserinfo, Form::Text, sns::userinfo),
    get("/sns/jscode2session", Api::Jscode2session, Form::Text, mini_program::jscode2session),
    post("/wxa/business/getuserphonenumber", Api::Getuserphonenumber, Form::Text, mini_program::phone_number),
];

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    for Endpoint { method, path, api, form, answer } in ENDPOINTS {
        let handle = move |simulation: web::Data<Simulation>,
                           request: HttpRequest,
                           query: Query,
                           body: web::Bytes| async move {
            let shared = &simulation.shared;
            let call = Call { shared, request: &request, query: &query, body: &body };
            answer_or_fail(shared, api, || write(shared, form, answer(&call))).await
        };
        resource(config, path, &method, web::method(method.clone()).to(handle));
    }
    let mini_code = |simulation: web::Data<Simulation>,
                     request: HttpRequest,
                     query: Query,
                     body: web::Bytes| async move {
        let shared = &simulation.shared;
        let call = Call { shared, request: &request, query: &query, body: &body };
        answer_or_fail(shared, Api::Getwxacodeunlimit, || mini_codes::create(&call)).await
    };
    resource(config, "/wxa/getwxacodeunlimit", &Method::POST, web::post().to(mini_code));
    resource(config, "/cgi-bin/showqrcode", &Method::GET, web::get().to(qr_codes::show));
    config
        .route("/qr/code", web::get().to(qr_codes::of_account))
        .route("/sandbox/codes", web::get().to(qr_codes::picture))
        .route("/sandbox/mini-codes", web::get().to(mini_codes::picture))
        .route("/sandbox/avatars/{name}/{size}", web::get().to(avatar::handle));
}

/// Adds a route that answers every other method with WeChat's refusal.
fn resource(config: &mut web::ServiceConfig, path: &str, method: &Method, route: Route) {
    let required = if method == Method::POST { Errcode::POST_REQUIRED } else { Errcode::GET_REQUIRED };
    let refuse =
        move |simulation: web::Data<Simulation>| async move { refusal(&simulation.shared, required) };
    config.service(web::resource(path).route(route).default_service(web::to(refuse)));
}
