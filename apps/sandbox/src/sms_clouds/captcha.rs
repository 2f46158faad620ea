//! `POST /sandbox/captcha`: `VerifyIntelligentCaptcha` of Alibaba Cloud Captcha 2.0, and the script that its pages load.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{CAPTCHA_SCENE, aliyun, header};
use crate::shared_state::SharedState;
use crate::simulation::Simulation;

const ACTION: &str = "VerifyIntelligentCaptcha";
const VERSION: &str = "2023-03-05";

/// So many texts are remembered.
const MOST: usize = 10_000;

/// A box to be ticked, which stands for the cloud's puzzle.
const SCRIPT: &str = include_str!("../../web/AliyunCaptcha.js");

pub(super) async fn script() -> HttpResponse {
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(SCRIPT)
}

pub(super) async fn handle(
    simulation: web::Data<Simulation>,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    if let Err((status, code)) = aliyun::check_signature(&request, &body, VERSION) {
        return HttpResponse::build(status).json(json!({"RequestId": "R", "Success": false, "Code": code}));
    }
    if header(&request, "x-acs-action") != ACTION {
        return HttpResponse::NotFound().json(json!({"RequestId": "R", "Code": "InvalidAction.NotFound"}));
    }
    let code = verdict(&simulation.shared, request.query_string());
    let result = json!({"VerifyResult": code == "T001", "VerifyCode": code});
    HttpResponse::Ok().json(json!({"RequestId": "R", "Success": true, "Code": "Success", "Result": result}))
}

/// Returns the code of the cloud: `T001` where a person ticked the box in this scene, and the text was not judged before.
fn verdict(shared: &SharedState, query: &str) -> &'static str {
    let Ok(query) = web::Query::<Vec<(String, String)>>::from_query(query) else { return "F002" };
    let value = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let text = value("CaptchaVerifyParam").unwrap_or_default();
    let Ok(shown) = serde_json::from_str::<Value>(text) else { return "F003" };
    let said = |name: &str| shown.get(name).and_then(Value::as_str);
    if value("SceneId") != Some(CAPTCHA_SCENE) || said("sceneId") != Some(CAPTCHA_SCENE) {
        return "F012";
    }
    if said("data") != Some("ticked") {
        return "F001";
    }
    let is_new = shared.write(|state| {
        let judged = &mut state.faults.captchas;
        judged.len() < MOST && judged.insert(text.to_owned())
    });
    if is_new { "T001" } else { "F005" }
}
