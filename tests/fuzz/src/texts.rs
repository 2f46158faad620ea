//! Configurations and phone numbers.

use std::{cell::RefCell, io::Write};

use saoma_api::config::Config;
use saoma_domain::account::PhoneNumber;
use tempfile::NamedTempFile;

pub(crate) const CONFIGURATIONS: &[&[u8]] = &[
    include_bytes!("../../../apps/api/saoma.example.toml"),
    b"\xef\xbb\xbf[server]\nlisten = \"127.0.0.1:8080\"\nkey = \"\"\n[[wechat.apps]]\nname = \"main\"\nmode = \"plain\"",
    b"SERVER__KEY=5a5a\nWECHAT__APPS__0__KIND=website\nWECHAT__APPS__0__APP_ID=\"wx1\"\nLOGIN__QR_TTL_S=9",
    b"[limits]\nwaits_per_ip = -1\n[sms]\nprovider = \"webhook\"\nurl = \"x\"\n[session]\ncookie_domain = \".a\"",
];

pub(crate) const PHONES: &[&[u8]] = &[
    b"13800138000",
    b"+8613800138000",
    b"0086 138 0013 8000",
    b"+60123456789",
    b"+55 (11) 96123-4567",
    "\u{202d}１３８００１３８０００\u{202c}".as_bytes(),
    b"+4915112345678",
    b"+12025550123",
    b"+",
];

thread_local! {
    static FILE: RefCell<NamedTempFile> = RefCell::new(NamedTempFile::new().expect("a file"));
}

/// No configuration makes the reader panic; what is wrong names a key, and no secret is repeated.
pub fn configuration(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let variables = text.lines().filter_map(|line| line.split_once('='));
    let environment = variables
        .filter(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        // The values are not read as names of files.
        .filter(|(name, _)| !name.ends_with("_FILE"))
        .map(|(name, value)| (format!("SAOMA__{name}"), value.to_owned()));
    let from_environment = Config::load(None, environment.collect::<Vec<_>>());
    let secret = "canary-that-is-not-hex";
    let with_secret = [("SAOMA__SERVER__KEY".to_owned(), secret.to_owned())];
    FILE.with_borrow_mut(|file| {
        let opened = file.as_file();
        opened.set_len(0).expect("the file can be emptied");
        let mut at_start = opened;
        std::io::Seek::rewind(&mut at_start).expect("the file has a start");
        at_start.write_all(data).expect("the file can be written");
        // A file that names other files is not read: they would be read for real.
        if !text.contains("_file") {
            for result in [Config::load(Some(file.path()), []), Config::load(Some(file.path()), with_secret)]
            {
                said(&result, secret);
            }
        }
    });
    said(&from_environment, secret);
}

fn said(result: &Result<Config, saoma_api::config::ConfigError>, secret: &str) {
    if let Err(error) = result {
        let shown = error.to_string();
        assert!(!shown.is_empty() && !shown.contains(secret), "{shown}");
    }
}

/// No text makes the reader panic, and what it reads as a number is read again as the same one.
pub fn phone_numbers(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(number) = PhoneNumber::parse(&text) {
        let e164 = number.e164();
        let digits = e164.strip_prefix('+').expect("E.164 begins with a plus");
        assert!(
            (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()),
            "{e164}"
        );
        assert_eq!(PhoneNumber::parse(e164).as_ref(), Ok(&number), "{text:?}");
        assert_eq!(PhoneNumber::from_store(e164), Some(number.clone()));
        assert!(!number.masked().contains(digits), "{e164} is not masked");
    }
}
