//! What lies in the files after a login.

use saoma_contract::values::{
    at, binding, client_info, key_ring, login, new_session, phone, poll_token, scan,
};
use saoma_db::SqliteStore;
use saoma_domain::{
    login::{AuthenticatedLogin, LoginState},
    ports::{Binding, Bound, Logins, NewSession, Sessions},
    session::SessionToken,
    sms::SmsCode,
};
use tempfile::TempDir;

use crate::support::on_disk;

/// Logs a person in as the service does, and returns the session's token and the code.
async fn log_in(database: &SqliteStore) -> (SessionToken, SmsCode) {
    let (keys, id) = (key_ring(), login(1));
    let code = SmsCode::parse("907351").unwrap();
    database.take_scan(scan(id, "oAnna")).await.unwrap();
    let proof = code.binding_proof(keys.current(), id, phone(1).number());
    let bound = database.bind(Binding { proof, ..binding(id, 1) }).await.unwrap();
    let Bound::Registered(login) = bound else { panic!("not registered: {bound:?}") };
    let LoginState::Registered { account, .. } = login.state else { panic!("not registered: {login:?}") };

    let held = AuthenticatedLogin::verify(&id.to_string(), &poll_token(1).reveal(), &keys).unwrap();
    let token = SessionToken::derive(keys.current(), &held, account);
    let session =
        NewSession { token_hash: token.hash(), client_info: client_info(), ..new_session(id, account, 1) };
    let opened = database.issue(session).await.unwrap().unwrap();
    database.touch(opened.active.session.id, at(99)).await.unwrap();
    assert!(Sessions::find(database, &token.hash()).await.unwrap().is_some());
    (token, code)
}

fn all_files(directory: &TempDir) -> Vec<u8> {
    let files = std::fs::read_dir(directory.path()).unwrap();
    files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
}

fn holds(dump: &[u8], needle: &[u8]) -> bool {
    dump.windows(needle.len()).any(|window| window == needle)
}

#[tokio::test]
async fn the_files_hold_no_token_and_no_code() {
    let (database, directory) = on_disk().await;
    let (token, code) = log_in(&database).await;
    let dump = all_files(&directory);
    drop(database);

    assert!(holds(&dump, phone(1).number().e164().as_bytes()), "the dump shows what is stored");
    assert!(holds(&dump, token.hash().as_bytes()), "the dump shows what is stored");
    let bytes = base64url(&token.reveal());
    for secret in
        [token.reveal().as_bytes(), &bytes, code.reveal().as_bytes(), poll_token(1).reveal().as_bytes()]
    {
        assert!(!holds(&dump, secret));
    }
}

/// Decodes base64url without padding.
fn base64url(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|each| *each == character).unwrap();
        bits = (bits << 6) | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).unwrap());
        }
    }
    bytes
}
