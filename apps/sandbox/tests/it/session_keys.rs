//! `checksession` and `resetusersessionkey`.

use ring::hmac;
use saoma_sandbox::{Api, Person, Sandbox};
use serde_json::Value;

use super::support::{Caller, sandbox_with_every_door};

const MINI: &str = "appid=wx3d5f7a9b1c2e4d60&secret=9f8e7d6c5b4a39281706f5e4d3c2b1a0";

struct World {
    sandbox: Sandbox,
    caller: Caller,
    ming: Person,
}

/// Signs with the session key as it is written.
fn sign(session_key: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, session_key.as_bytes());
    hmac::sign(&key, b"").as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl World {
    async fn new() -> Self {
        let sandbox = sandbox_with_every_door().await;
        Self { caller: Caller::new(&sandbox), ming: sandbox.person("ming").unwrap(), sandbox }
    }

    async fn session_key(&self) -> String {
        let code = self.ming.wx_login("mini").unwrap();
        let path = format!("/sns/jscode2session?{MINI}&js_code={code}&grant_type=authorization_code");
        self.caller.get_json(&path).await["session_key"].as_str().unwrap().to_owned()
    }

    async fn call(&self, endpoint: &str, signature: &str) -> Value {
        let openid = self.ming.openid("mini").unwrap();
        self.call_with(endpoint, &format!("openid={openid}&signature={signature}&sig_method=hmac_sha256"))
            .await
    }

    async fn call_with(&self, endpoint: &str, query: &str) -> Value {
        let token = self.caller.mini_token().await;
        self.caller.get_json(&format!("/wxa/{endpoint}?access_token={token}&{query}")).await
    }
}

#[tokio::test]
async fn a_session_key_is_good_until_the_next_login() {
    let world = World::new().await;
    let key = world.session_key().await;
    assert_eq!(world.call("checksession", &sign(&key)).await["errcode"], 0);
    world.ming.wx_login("mini").unwrap();
    assert_eq!(world.call("checksession", &sign(&key)).await["errcode"], 87009);
    assert_eq!(world.sandbox.calls(Api::Checksession), 2);
}

#[tokio::test]
async fn a_reset_gives_a_new_key_and_ends_the_one_before() {
    let world = World::new().await;
    let old = world.session_key().await;
    let answer = world.call("resetusersessionkey", &sign(&old)).await;
    assert_eq!(
        (&answer["errcode"], &answer["openid"]),
        (&0.into(), &world.ming.openid("mini").unwrap().into())
    );
    let new = answer["session_key"].as_str().unwrap();
    assert_ne!(new, old);
    assert_eq!(world.call("checksession", &sign(&old)).await["errcode"], 87009);
    assert_eq!(world.call("checksession", &sign(new)).await["errcode"], 0);
    assert_eq!(world.sandbox.calls(Api::Resetusersessionkey), 1);
}

#[tokio::test]
async fn every_wrong_call_has_its_own_errcode_and_changes_nothing() {
    let world = World::new().await;
    let key = world.session_key().await;
    let (right, openid) = (sign(&key), world.ming.openid("mini").unwrap());
    let hong = world.sandbox.person("hong").unwrap().openid("mini").unwrap();
    let foreign = world.ming.openid("main").unwrap();
    let cases = [
        (format!("openid={openid}&signature={}&sig_method=hmac_sha256", sign("another key")), 87009),
        (format!("openid={openid}&signature={}&sig_method=hmac_sha256", right.to_uppercase()), 87009),
        (format!("openid={openid}&sig_method=hmac_sha256"), 87009),
        (format!("openid={hong}&signature={right}&sig_method=hmac_sha256"), 87009),
        (format!("openid={openid}&signature={right}&sig_method=md5"), 87008),
        (format!("openid={openid}&signature={right}"), 87008),
        (format!("openid={foreign}&signature={right}&sig_method=hmac_sha256"), 40003),
        (format!("signature={right}&sig_method=hmac_sha256"), 41009),
    ];
    for endpoint in ["checksession", "resetusersessionkey"] {
        for (query, errcode) in &cases {
            assert_eq!(world.call_with(endpoint, query).await["errcode"], *errcode, "{endpoint} {query}");
        }
        let query = format!("openid={openid}&signature={right}&sig_method=hmac_sha256");
        let main = world.caller.stable_token().await;
        let foreign = world.caller.get_json(&format!("/wxa/{endpoint}?access_token={main}&{query}")).await;
        assert_eq!(foreign["errcode"], 48001);
        assert_eq!(world.caller.get_json(&format!("/wxa/{endpoint}?{query}")).await["errcode"], 41001);
    }
    assert_eq!(world.call("checksession", &right).await["errcode"], 0);
}
