//! Section 7, `[sms]`: the providers, against simulated clouds that check every signature.

use saoma_sandbox::{Api, Fault, SMS_APP_ID, SMS_KEY_ID, SMS_KEY_SECRET, SMS_SIGN_NAME, SMS_TEMPLATE_CODE};

use super::program::{right_but, saoma, shows_no_secret};
use crate::harness::{Service, Setup, bind_own_phone, code_for, eventually, register, scanned_by_new};

/// Has the service send by these clouds of the sandbox.
async fn service_with(providers: &[&str]) -> Service {
    let list = providers.join(",");
    let setup = move |sandbox: &saoma_sandbox::Sandbox| {
        let mut keys = vec![("sms.provider".to_owned(), list.clone())];
        for provider in list.split(',').filter(|provider| *provider != "webhook") {
            let cloud = if provider == "tencent" { "tencent" } else { "aliyun" };
            let own = |key: &str, value: &str| (format!("sms.{provider}.{key}"), value.to_owned());
            keys.extend([
                own("url", &sandbox.sms_cloud_url(cloud)),
                own("access_key_id", SMS_KEY_ID),
                own("access_key_secret", SMS_KEY_SECRET),
                own("sign_name", SMS_SIGN_NAME),
                own("template_code", SMS_TEMPLATE_CODE),
            ]);
            if provider == "tencent" {
                keys.push(own("app_id", SMS_APP_ID));
            }
        }
        keys
    };
    Setup::default().set_by_sandbox(setup).start().await
}

async fn metrics(service: &Service) -> String {
    reqwest::get(format!("{}/metrics", service.admin_url)).await.unwrap().text().await.unwrap()
}

fn sent_by(provider: &str, outcome: &str) -> String {
    format!("saoma_sms_messages_total{{provider=\"{provider}\",outcome=\"{outcome}\"}} 1")
}

#[tokio::test]
async fn each_cloud_takes_the_signed_message_and_the_person_logs_in() {
    for provider in ["aliyun", "aliyun_pnvs", "tencent"] {
        let service = service_with(&[provider]).await;
        register(&service, &service.person("ming")).await;
        assert!(metrics(&service).await.contains(&sent_by(provider, "sent")), "{provider}");
    }
}

#[tokio::test]
async fn a_refusal_says_in_the_log_what_to_do_and_nothing_to_the_client() {
    let service = service_with(&["aliyun"]).await;
    let ming = service.person("ming");
    for (code, outcome, words) in [
        ("isv.SMS_SIGNATURE_ILLEGAL", "signature", "sms.sign_name"),
        ("isv.AMOUNT_NOT_ENOUGH", "balance", "top it up"),
        ("isv.BUSINESS_LIMIT_CONTROL", "number_rate", "[limits]"),
    ] {
        service.sandbox.refuse_sms(Some(code));
        let person = service.person(&format!("p{outcome}").replace('_', "-"));
        let device = scanned_by_new(&service, &person).await;
        let refused = device.send_code(&service, person.phone()).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (503, "sms_unavailable"));
        assert!(!refused.text.contains(code), "{}", refused.text);
        let log = eventually("the log says it", async || {
            service.log().lines().find(|line| line.contains(code) && line.contains("WARN")).map(str::to_owned)
        });
        let line = log.await;
        assert!(line.contains(words), "{line}");
        assert!(!line.contains(person.phone()), "{line}");
        assert!(metrics(&service).await.contains(&sent_by("aliyun", outcome)), "{outcome}");
    }
    service.sandbox.refuse_sms(None);
    register(&service, &ming).await;
}

#[tokio::test]
async fn the_next_provider_is_tried_where_the_first_fails_or_is_slow() {
    let service = service_with(&["aliyun", "tencent"]).await;
    service.sandbox.fail(Api::SmsAliyun, &Fault::Status { status: 500 }, 1);
    register(&service, &service.person("ming")).await;
    assert!(metrics(&service).await.contains(&sent_by("tencent", "sent")));

    service.sandbox.fail(Api::SmsAliyun, &Fault::Delay { delay_ms: 8_000 }, 1);
    let hong = service.person("hong");
    let device = scanned_by_new(&service, &hong).await;
    let last = code_for(&service, &device, &hong).await;
    let messages = eventually("both messages are there", async || {
        let sent = hong.sms();
        (sent.len() == 2).then_some(sent)
    })
    .await;
    assert_ne!(messages[0].code, messages[1].code, "no code is in two messages");
    let right = [&messages[0].code, &messages[1].code].into_iter().find(|code| **code == messages[1].code);
    assert!(right.is_some() && !last.is_empty());
    let bound = device.bind(&service, hong.phone(), &messages[1].code).await;
    assert_eq!(bound.says(), "registered", "{}", bound.text);
}

#[tokio::test]
async fn a_webhook_beside_a_cloud_keeps_its_own_address() {
    let service = service_with(&["aliyun", "webhook"]).await;
    service.sandbox.fail(Api::SmsAliyun, &Fault::Close, 1);
    let ming = service.person("ming");
    let device = scanned_by_new(&service, &ming).await;
    bind_own_phone(&service, &device, &ming).await;
    assert_eq!(service.sandbox.calls(Api::SmsWebhook), 1);
}

#[tokio::test]
async fn what_a_provider_lacks_is_named() {
    let refused = async |changes: &[(&str, Option<&str>)]| {
        let output = saoma(&["migrate"], &right_but(changes)).await;
        assert_eq!(output.code, Some(2), "{output:?}");
        shows_no_secret(&output);
        output.stderr
    };
    let bare = refused(&[("sms.provider", Some("tencent"))]).await;
    for key in ["sign_name", "template_code", "access_key_id", "access_key_secret", "app_id"] {
        assert!(bare.contains(&format!("sms.{key}: missing")), "{key}: {bare}");
    }
    let own =
        refused(&[("sms.provider", Some("aliyun,log")), ("sms.aliyun.region", Some("cn-hangzhou"))]).await;
    assert!(own.contains("sms.aliyun.sign_name: missing"), "{own}");
    let twice = refused(&[("sms.provider", Some("log,log"))]).await;
    assert!(twice.contains("sms.provider") && twice.contains("twice"), "{twice}");
    let unused = refused(&[("sms.tencent.app_id", Some("1"))]).await;
    assert!(unused.contains("sms.tencent"), "{unused}");
    let unknown = refused(&[("sms.provider", Some("tencent")), ("sms.tencent.appid", Some("1"))]).await;
    assert!(unknown.contains("sms.tencent.appid") && unknown.contains("`app_id`"), "{unknown}");
    let no_code = refused(&[("sms.provider", Some("template")), ("sms.url", Some("http://x.test/"))]).await;
    assert!(no_code.contains("sms.body") && no_code.contains("{code}"), "{no_code}");
}
