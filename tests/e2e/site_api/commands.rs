//! `saoma account` and `saoma import`: the same rules and the same JSON as the site API.

use std::path::Path;

use reqwest::Method;
use saoma_api::domain::{
    account::AccountId,
    actor::Actor,
    services::{ChangeDraft, IdentityDraft, PersonDraft},
};
use serde_json::{Value, json};

use super::support::{call, with_root};
use crate::{
    contract::{Output, saoma_in},
    harness::{Service, Setup, register},
};

async fn start() -> Service {
    with_root(Setup::every_channel()).start().await
}

/// Runs a command on the service's own database.
async fn run(service: &Service, arguments: &[&str]) -> Output {
    let settings = service.settings();
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    saoma_in(service.files(), arguments, &settings).await
}

fn lines(output: &Output) -> Vec<Value> {
    output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn account_of(service: &Service, id: &str) -> Value {
    call(service, Method::GET, &format!("/v1/admin/accounts/{id}"), None).await.json
}

#[tokio::test]
async fn an_operator_finds_shows_and_changes_accounts() {
    let service = start().await;
    let ming = service.person("ming");
    let (device, token) = register(&service, &ming).await;
    let id = device.session(&service, &token).await.json["account"]["id"].as_str().unwrap().to_owned();
    let shown = run(&service, &["account", "show", &id]).await.succeeds();
    assert_eq!(lines(&shown), [account_of(&service, &id).await], "as the site API says it");
    let found = run(&service, &["account", "find", "--phone", ming.phone()]).await.succeeds();
    assert_eq!(lines(&found), lines(&shown));
    assert_eq!(
        lines(&run(&service, &["account", "find", "--external-id", "x"]).await.succeeds()),
        Vec::<Value>::new()
    );
    assert_eq!(lines(&run(&service, &["account", "sessions", &id]).await.succeeds()).len(), 1);
    let disabled = run(&service, &["account", "disable", &id, "--reason", "fraud"]).await.succeeds();
    assert_eq!(lines(&disabled)[0]["disabled_reason"], "fraud");
    assert_eq!(lines(&run(&service, &["account", "sessions", &id]).await.succeeds()).len(), 0);
    assert_eq!(lines(&run(&service, &["account", "enable", &id]).await.succeeds())[0]["disabled"], false);
    let export = run(&service, &["account", "export", &id]).await.succeeds();
    let trail = lines(&export)[0]["trail"].as_array().unwrap().clone();
    assert!(trail.iter().any(|entry| entry["kind"] == "account_disabled" && entry["actor"] == "operator"));
    assert_eq!(run(&service, &["account", "erase", &id]).await.code, Some(2), "it has to be meant");
    run(&service, &["account", "erase", &id, "--yes"]).await.succeeds();
    assert_eq!(account_of(&service, &id).await["code"], "not_found");
    let gone = run(&service, &["account", "show", &id]).await;
    assert_eq!(gone.code, Some(1), "{gone:?}");
    assert_eq!(run(&service, &["account", "show", "x"]).await.code, Some(2));
}

async fn import(service: &Service, name: &str, content: &[u8], more: &[&str]) -> Output {
    std::fs::write(service.files().join(name), content).unwrap();
    run(service, &[&["import", name], more].concat()).await
}

#[tokio::test]
async fn people_are_imported_once_however_often_the_file_is_read() {
    let service = start().await;
    let file = concat!(
        r#"{"external_id": "1", "phone": "13900000001", "attributes": {"level": "gold"}, "created_at": "2020-02-03T04:05:06Z"}"#,
        "\n\n",
        r#"{"external_id": "2", "openid": "oTwo", "app": "main", "nickname": "二"}"#,
        "\r\n",
        r#"{"external_id": "3", "identities": [{"app": "main", "openid": "oThree"}, {"app": "mini", "openid": "oMini"}]}"#,
    );
    let first = import(&service, "people.ndjson", file.as_bytes(), &[]).await.succeeds();
    assert_eq!(first.stdout.trim(), "made 3, there already 0, refused 0");
    let again = import(&service, "people.ndjson", file.as_bytes(), &[]).await.succeeds();
    assert_eq!(again.stdout.trim(), "made 0, there already 3, refused 0");
    let found = run(&service, &["account", "find", "--external-id", "1"]).await.succeeds();
    let account = &lines(&found)[0];
    assert_eq!(
        (&account["phone"], &account["created_at"]),
        (&json!("+8613900000001"), &json!("2020-02-03T04:05:06Z"))
    );
    assert_eq!(account["attributes"], json!({"level": "gold"}));
    assert_eq!(lines(&run(&service, &["account", "find", "--openid", "oMini"]).await)[0]["external_id"], "3");
}

#[tokio::test]
async fn each_line_that_is_refused_is_reported_and_the_others_are_imported() {
    let service = start().await;
    let mut file = b"\xef\xbb\xbfexternal_id,phone,nickname,openid\r\n".to_vec();
    file.extend("1,13900000001,\"Wang, \"\"Ming\"\"\",\n2,12,,\n3,13900000001,,\n".as_bytes());
    file.extend(b"4,,\xd0\xa1\xc3\xf7,\n5,,,oFive\n6,,x\n7,,\"open,\n8,13900000008,,\n");
    let output = import(&service, "people.csv", &file, &["--app", "main"]).await;
    assert_eq!(output.code, Some(1), "{output:?}");
    assert_eq!(output.stdout.trim(), "made 3, there already 0, refused 5");
    for said in [
        "line 3: phone_invalid",
        "line 4: `phone` belongs to account",
        "line 5: it is not UTF-8; if the file is GBK",
        "line 7: it has 3 values, and the table 4 columns",
        "line 8: a quotation mark is not closed",
    ] {
        assert!(output.stderr.contains(said), "{said}: {}", output.stderr);
    }
    let found = lines(&run(&service, &["account", "find", "--external-id", "1"]).await.succeeds());
    assert_eq!(found[0]["nickname"], "Wang, \"Ming\"");
}

#[tokio::test]
async fn tables_of_other_systems_are_read() {
    let service = start().await;
    let casdoor = "owner,name,id,phone,displayName,avatar,createdTime,wechat\n\
        built-in,ming,c-1,13900000001,小明,https://a.example/1.png,2023-01-02T03:04:05Z,oCasdoor\n";
    import(&service, "casdoor.csv", casdoor.as_bytes(), &["--mapping", "casdoor", "--app", "main"])
        .await
        .succeeds();
    let ruoyi = "id,user_id,openid,nickname,avatar,create_time\n9,r-1,oRuoyi,红,,2023-01-02 03:04:05\n";
    import(&service, "ruoyi.csv", ruoyi.as_bytes(), &["--mapping", "ruoyi", "--app", "mini"])
        .await
        .succeeds();
    import(&service, "openids.txt", b"oPlain1\noPlain2\n", &["--mapping", "openid", "--app", "main"])
        .await
        .succeeds();
    for (openid, external_id) in
        [("oCasdoor", json!("c-1")), ("oRuoyi", json!("r-1")), ("oPlain2", Value::Null)]
    {
        let found = lines(&run(&service, &["account", "find", "--openid", openid]).await.succeeds());
        assert_eq!(found[0]["external_id"], external_id, "{openid}");
    }
    for (arguments, said) in [
        (&["openids.txt", "--mapping", "openid"][..], "say --app"),
        (&["casdoor.csv"], "`owner` is none of them"),
        (&["nowhere.csv"], "nowhere.csv"),
    ] {
        let output = run(&service, &[&["import"], arguments].concat()).await;
        assert_eq!(output.code, Some(2), "{output:?}");
        assert!(output.stderr.contains(said), "{said}: {}", output.stderr);
    }
}

#[tokio::test]
async fn the_command_the_api_and_the_library_end_in_the_same_rows() {
    let service = start().await;
    let body = |number: u32| {
        json!({"external_id": format!("same-{number}"), "phone": format!("1390000000{number}"),
            "attributes": {"a": [2], "b": 1}, "identities": [{"app": "main", "openid": format!("oSame{number}")}]})
    };
    call(&service, Method::POST, "/v1/admin/accounts", Some(body(1))).await;
    import(&service, "one.ndjson", body(2).to_string().as_bytes(), &[]).await.succeeds();
    service.accounts().await.make(&draft(3), Actor::System).await.unwrap();
    for number in 1..=3 {
        let found =
            lines(&run(&service, &["account", "find", "--external-id", &format!("same-{number}")]).await)
                .pop()
                .unwrap();
        let id = found["id"].as_str().unwrap();
        run(&service, &["account", "disable", id]).await.succeeds();
    }
    let dump =
        rows(service.files(), "saoma_accounts, saoma_identities WHERE account_id = saoma_accounts.id").await;
    let told_apart = |row: &str, number: u32| {
        ["same-", "oSame", "000000"]
            .iter()
            .fold(row.to_owned(), |row, text| row.replace(&format!("{text}{number}"), text))
    };
    assert_eq!(dump.len(), 3);
    assert_eq!(told_apart(&dump[0], 1), told_apart(&dump[1], 2));
    assert_eq!(told_apart(&dump[0], 1), told_apart(&dump[2], 3));
}

#[tokio::test]
async fn each_change_by_command_api_and_library_ends_in_the_same_rows() {
    let service = start().await;
    let library = service.accounts().await;
    let mut made = Vec::new();
    for number in 0..6 {
        let body = json!({"external_id": format!("c-{number}"), "phone": format!("1390000000{number}"),
            "identities": [{"app": "main", "openid": format!("o{number}")}]});
        let answer = call(&service, Method::POST, "/v1/admin/accounts", Some(body)).await;
        made.push(answer.json["id"].as_str().unwrap().to_owned());
    }
    let path = |id: &str| format!("/v1/admin/accounts/{id}");
    let (by_api, by_command, by_library) = (&made[0..2], &made[2..4], &made[4..6]);

    let (id, other) = (&by_api[0], &by_api[1]);
    for body in [json!({"disabled": true, "reason": "fraud"}), json!({"disabled": false})] {
        call(&service, Method::PATCH, &path(id), Some(body)).await;
    }
    call(&service, Method::DELETE, &format!("{}/sessions", path(id)), None).await;
    let merged =
        call(&service, Method::POST, &format!("{}/merge", path(id)), Some(json!({"from": other}))).await;
    let undo = format!("/v1/admin/merges/{}/undo", merged.json["id"].as_str().unwrap());
    assert_eq!(call(&service, Method::POST, &undo, None).await.status, 200);
    call(&service, Method::GET, &format!("{}/export", path(id)), None).await;
    call(&service, Method::DELETE, &path(other), None).await;

    let (id, other) = (by_command[0].as_str(), by_command[1].as_str());
    run(&service, &["account", "disable", id, "--reason", "fraud"]).await.succeeds();
    run(&service, &["account", "enable", id]).await.succeeds();
    run(&service, &["account", "sessions", id, "--end-all"]).await.succeeds();
    let merged = run(&service, &["account", "merge", id, other]).await.succeeds();
    let merge = lines(&merged)[0]["id"].as_str().unwrap().to_owned();
    run(&service, &["account", "merge", "--undo", &merge]).await.succeeds();
    run(&service, &["account", "export", id]).await.succeeds();
    run(&service, &["account", "erase", other, "--yes"]).await.succeeds();

    let [id, other] = [0, 1].map(|at| AccountId::parse(&by_library[at]).unwrap());
    let change = |disabled, reason: Option<&str>| ChangeDraft {
        disabled: Some(disabled),
        reason: reason.map(str::to_owned),
        ..ChangeDraft::default()
    };
    library.change(id, &change(true, Some("fraud")), Actor::Operator).await.unwrap();
    library.change(id, &change(false, None), Actor::Operator).await.unwrap();
    library.end_sessions(id, Actor::Operator).await.unwrap();
    let merged = library.merge(id, other, false, Actor::Operator).await.unwrap();
    library.undo_merge(merged.id.unwrap(), Actor::Operator).await.unwrap();
    library.export(id, Actor::Operator).await.unwrap();
    library.erase(other, Actor::Operator).await.unwrap();

    let trail = async |id: &str| {
        let query = format!(
            "SELECT kind, outcome, detail, login_id FROM saoma_audit WHERE account_id = '{id}' ORDER BY id"
        );
        select(service.files(), &query).await
    };
    for at in [0, 1] {
        let kinds = trail(&by_api[at]).await;
        assert!(kinds.len() > 3, "{kinds:?}");
        assert_eq!(kinds, trail(&by_command[at]).await);
        assert_eq!(kinds, trail(&by_library[at]).await);
    }
    let left =
        rows(service.files(), "saoma_accounts, saoma_identities WHERE account_id = saoma_accounts.id").await;
    let alike = |row: &str, number: u32| {
        ["c-", "o", "000000"]
            .iter()
            .fold(row.to_owned(), |row, text| row.replace(&format!("{text}{number}"), text))
    };
    assert_eq!(left.len(), 3, "{left:?}");
    assert_eq!(alike(&left[0], 0), alike(&left[1], 2));
    assert_eq!(alike(&left[0], 0), alike(&left[2], 4));
}

#[tokio::test]
async fn one_bad_line_in_the_middle_of_ten_megabytes_is_told_and_takes_no_other_with_it() {
    let service = start().await;
    let filling = "x".repeat(3_900);
    let line =
        |number: u32| format!(r#"{{"external_id": "big-{number}", "attributes": {{"a": "{filling}"}}}}"#);
    let (mut file, count) = (String::new(), 2_700);
    for number in 0..count {
        file += &if number == count / 2 { r#"{"external_id": "broken"#.to_owned() } else { line(number) };
        file.push('\n');
    }
    assert!(file.len() > 10 * 1024 * 1024, "{}", file.len());
    for [made, there] in [[count - 1, 0], [0, count - 1]] {
        let output = import(&service, "big.ndjson", file.as_bytes(), &[]).await;
        assert_eq!(output.code, Some(1));
        assert_eq!(output.stdout.trim(), format!("made {made}, there already {there}, refused 1"));
        assert!(output.stderr.contains(&format!("line {}: ", count / 2 + 1)), "{}", output.stderr);
    }
}

fn draft(number: u32) -> PersonDraft {
    PersonDraft {
        external_id: Some(format!("same-{number}")),
        phone: Some(format!("1390000000{number}")),
        attributes: Some(r#"{"a":[2],"b":1}"#.to_owned()),
        identities: vec![IdentityDraft {
            app: "main".to_owned(),
            openid: format!("oSame{number}"),
            ..IdentityDraft::default()
        }],
        ..PersonDraft::default()
    }
}

/// Reads rows without what differs from one to the other: ids and moments.
async fn rows(files: &Path, tables: &str) -> Vec<String> {
    let columns = "phone, disabled, disabled_reason, external_id, attributes, app, channel, openid, unionid, \
        saoma_accounts.nickname, linked_at IS NULL, prune_at IS NULL";
    select(files, &format!("SELECT {columns} FROM {tables} ORDER BY external_id")).await
}

/// Asks the database of a service, and returns each row as a text.
async fn select(files: &Path, query: &str) -> Vec<String> {
    let program =
        "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(row)";
    let mut command = tokio::process::Command::new("python3");
    let output = command.args(["-c", program]).arg(files.join("saoma.db")).arg(query).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}
