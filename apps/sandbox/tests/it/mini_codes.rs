//! The round codes of mini programs.

use std::io::Cursor;

use reqwest::StatusCode;
use saoma_sandbox::{Api, Fault, MiniProgram, SandboxError};
use serde_json::{Value, json};

use super::support::Fixture;

const SCENE: &str = "-_3f1c9a0b7d52oLq7Z5kT9vXc2Bn4Mf";

fn wanted() -> Value {
    json!({ "scene": SCENE, "page": MiniProgram::LOGIN_PAGE, "width": 480, "is_hyaline": true })
}

fn with(field: &str, value: Value) -> Value {
    let mut wanted = wanted();
    wanted[field] = value;
    wanted
}

impl Fixture {
    async fn mini_code(&self, body: &Value) -> reqwest::Response {
        let token = self.caller.mini_token().await;
        self.caller.post(&format!("/wxa/getwxacodeunlimit?access_token={token}"), body.to_string()).await
    }

    async fn errcode(&self, body: &Value) -> i64 {
        let answer = self.mini_code(body).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json::<Value>().await.unwrap()["errcode"].as_i64().unwrap()
    }
}

/// Returns color type and width of a picture, and what a scanner reads in it, put on white.
fn scanned(file: &[u8]) -> (png::ColorType, usize, String) {
    let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
    let (width, color) = (reader.info().width as usize, reader.info().color_type);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let shade = |x, y| {
        let pixel = &pixels[(y * width + x) * 4..][..4];
        if pixel[3] == 0 { 255 } else { pixel[0] }
    };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, width, shade);
    (color, width, image.detect_grids()[0].decode().unwrap().1)
}

#[tokio::test]
async fn the_answer_is_a_picture_that_the_phone_can_scan() {
    let fixture = Fixture::new().await;
    let answer = fixture.mini_code(&wanted()).await;
    assert_eq!(answer.headers()["content-type"], "image/png");
    let (color, width, url) = scanned(&answer.bytes().await.unwrap());
    assert_eq!((color, width), (png::ColorType::Rgba, 480));
    let opened = fixture.ming.scan_mini_code(&url).unwrap();
    assert_eq!(
        (opened.app.as_str(), opened.page.as_str(), opened.scene.as_str()),
        ("mini", MiniProgram::LOGIN_PAGE, SCENE)
    );
    assert_eq!(fixture.sandbox.mini_codes()[0].scanned_by, ["ming"]);
    let seen = fixture.caller.get(&format!("/sandbox/mini-codes?url={url}")).await.bytes().await.unwrap();
    assert_eq!(scanned(&seen).2, url, "the phone page shows the same");
    assert!(matches!(fixture.ming.scan_mini_code("http://other/"), Err(SandboxError::UnknownCode)));
    assert_eq!(fixture.caller.get("/sandbox/mini-codes?url=x").await.status(), StatusCode::NOT_FOUND);
    let state = fixture.caller.get_json("/sandbox/api/state").await;
    assert_eq!(state["mini_codes"][0]["scene"], SCENE);
}

#[tokio::test]
async fn every_wrong_field_has_its_own_errcode() {
    let fixture = Fixture::new().await;
    for (body, errcode) in [
        (with("scene", json!("")), 40169),
        (with("scene", json!(format!("{SCENE}x"))), 40169),
        (with("scene", json!("a b")), 40169),
        (with("scene", Value::Null), 40169),
        (with("page", json!("pages/nowhere")), 41030),
        (with("page", json!(format!("/{}", MiniProgram::LOGIN_PAGE))), 41030),
        (with("env_version", json!("beta")), 40097),
        (with("width", json!(279)), 40097),
        (json!([]), 40169),
    ] {
        assert_eq!(fixture.errcode(&body).await, errcode, "{body}");
    }
    let mut unpublished = with("page", json!("pages/nowhere"));
    unpublished["check_path"] = false.into();
    unpublished["env_version"] = "develop".into();
    assert_eq!(fixture.mini_code(&unpublished).await.headers()["content-type"], "image/png");
    let token = fixture.caller.stable_token().await;
    let path = format!("/wxa/getwxacodeunlimit?access_token={token}");
    assert_eq!(fixture.caller.post_json(&path, wanted()).await["errcode"], 48001, "of an official account");
    assert_eq!(fixture.caller.get_json(&path).await["errcode"], 43002);
}

#[tokio::test]
async fn it_is_counted_and_can_be_made_to_fail() {
    let fixture = Fixture::new().await;
    fixture.sandbox.fail(Api::Getwxacodeunlimit, &Fault::Errcode { errcode: 45009 }, 1);
    assert_eq!(fixture.errcode(&wanted()).await, 45009);
    assert_eq!(fixture.mini_code(&wanted()).await.headers()["content-type"], "image/png");
    assert_eq!(fixture.sandbox.calls(Api::Getwxacodeunlimit), 2);
}
