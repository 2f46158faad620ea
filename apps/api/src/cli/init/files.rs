//! The files that are made.

use std::{
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::answers::Answers;

/// Writes the configuration and the key, readable by their owner alone, over no file that exists. Returns their paths.
///
/// # Errors
/// Those of the operating system, naming the file.
pub(super) fn write(path: &Path, answers: &Answers) -> io::Result<[PathBuf; 2]> {
    let key = path.with_extension("key");
    private(&key, &answers.key)?;
    let written = std::path::absolute(&key)?;
    private(path, &text(answers, &written))?;
    Ok([path.to_owned(), key])
}

fn private(path: &Path, text: &str) -> io::Result<()> {
    let written = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = written.and_then(|mut file| writeln!(file, "{}", text.trim_end()));
    written.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn text(answers: &Answers, key: &Path) -> String {
    let Answers { public_url, app_id, secret, token, listen, admin_listen, database, .. } = answers;
    let mut text = format!(
        "# Made by `saoma init`. Every key: saoma.example.toml (apps/api of the sources, /usr/share/doc/saoma)\n\n\
         [server]\nlisten = \"{listen}\"\nadmin_listen = \"{admin_listen}\"\npublic_url = \"{public_url}\"\n\
         key_file = \"{}\"\n",
        key.display()
    );
    // In a container the proxy's calls come from an address of its network.
    match (public_url.starts_with("https"), listen.ip().is_unspecified()) {
        (false, _) => {}
        (true, false) => text += "trusted_proxies = [\"127.0.0.1/32\"]   # the proxy with TLS before it\n",
        (true, true) => {
            text += "# The proxy with TLS before it; where you know its address, write that alone.\n\
                     trusted_proxies = [\"127.0.0.0/8\", \"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\"]\n";
        }
    }
    text += &format!("\n[database]\nurl = \"{database}\"\n");
    if let Some(wechat) = &answers.wechat {
        let base = wechat.as_str().trim_end_matches('/');
        text += &format!("\n[wechat]\napi_base = \"{base}\"\nopen_base = \"{base}\"\nmp_base = \"{base}\"\n");
    }
    text += "\n[[wechat.apps]]\nname = \"main\"\nkind = \"official_account\"\n";
    if answers.test_account {
        text += "test_account = true\n";
    }
    text += &format!("app_id = \"{app_id}\"\nsecret = \"{secret}\"\ntoken = \"{token}\"\n");
    if let Some(key) = &answers.encoding_aes_key {
        text += &format!("encoding_aes_key = \"{key}\"\n");
    }
    if let Some(id) = &answers.original_id {
        text += &format!(
            "login_by = \"message\"     # docs/zh/login-by-message.md\noriginal_id = \"{id}\"\n\
             confirm = \"number\"       # one wrong digit may be the code of a stranger's page\n"
        );
    }
    match &answers.sms_url {
        Some(url) => text += &format!("\n[sms]\nprovider = \"webhook\"\nurl = \"{url}\"\n"),
        None if answers.test_account => {
            text += "\n[sms]\nprovider = \"log\"   # codes stand in the log; docs/zh/sms.md has the providers of real ones\n";
        }
        None => {
            text += "\n[login]\nphone = \"off\"      # no number is asked for; with a provider in [sms]: required\n"
        }
    }
    text
}
