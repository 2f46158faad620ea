//! `mod_auth_openidc`, which is certified as a relying party: Apache logs people in before it shows a site.

use std::{path::Path, process::Stdio};

use reqwest::StatusCode;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use super::{
    browser::{browser, log_in, log_out, reachable, with_its_key},
    has, place,
};
use crate::{
    forward_auth::proxies::start_site,
    harness::{Answer, Browser, eventually},
    openid::support::{APP, SECRET, sent_to},
};

/// Apache's own cookies, which have nothing to do with those of the service.
struct Site {
    url: String,
    visitor: Browser,
    _process: Child,
    _files: tempfile::TempDir,
}

impl Site {
    async fn get(&mut self, address: &str) -> Answer {
        let path = address.strip_prefix(&self.url).unwrap_or(address);
        let answer = self.visitor.load(&format!("{}{path}", self.url)).await;
        self.visitor.keep(&answer.headers);
        answer
    }
}

async fn start(issuer: &str, port: u16) -> Site {
    let (site, files) = (start_site().await, tempfile::tempdir().unwrap());
    let (here, debian) = (files.path().display().to_string(), place("target/clients/debian/usr/lib"));
    let url = format!("http://127.0.0.1:{port}");
    let modules = ["mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http"]
        .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"))
        .join("\n");
    let module = debian.join("apache2/modules/mod_auth_openidc.so");
    let (id, secret, module) = (APP.id, SECRET, module.display());
    let conf = format!(
        "ServerRoot {here}\nServerName 127.0.0.1:{port}\nPidFile {here}/pid\nErrorLog {here}/error.log\n\
         DefaultRuntimeDir {here}\n{modules}\nLoadModule auth_openidc_module {module}\nListen 127.0.0.1:{port}\n\
         OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration\n\
         OIDCClientID {id}\nOIDCClientSecret \"{secret}\"\nOIDCCryptoPassphrase \"a passphrase of a test\"\n\
         OIDCRedirectURI {url}/orders/callback\nOIDCScope \"openid profile phone offline_access\"\n\
         OIDCPKCEMethod S256\nOIDCRemoteUserClaim sub\nOIDCPassClaimsAs headers\n\
         OIDCRefreshAccessTokenBeforeExpiry 900\n\
         <Location /orders>\nAuthType openid-connect\nRequire valid-user\nProxyPass http://{site}/orders\n</Location>\n"
    );
    std::fs::write(files.path().join("apache.conf"), conf).unwrap();
    let mut command = Command::new("/usr/sbin/apache2");
    command.args(["-X", "-f"]).arg(files.path().join("apache.conf"));
    command.env("LD_LIBRARY_PATH", debian.join("x86_64-linux-gnu")).stdin(Stdio::null());
    let process = command.kill_on_drop(true).spawn().unwrap();
    eventually("Apache listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
    Site { url, visitor: Browser::new(), _process: process, _files: files }
}

#[tokio::test]
async fn mod_auth_openidc() {
    let module = place("target/clients/debian/usr/lib/apache2/modules/mod_auth_openidc.so");
    if !has("mod_auth_openidc", &[Path::new("/usr/sbin/apache2").to_owned(), module]) {
        return;
    }
    let port = saoma_servers::free_port().unwrap();
    let callback = format!("http://127.0.0.1:{port}/orders/callback");
    let bye = format!("http://127.0.0.1:{port}/bye");
    let (setup, issuer) = reachable();
    let setup = setup.set("oidc.clients.0.redirect_uris", &callback);
    let service = with_its_key(setup.set("oidc.clients.0.post_logout_redirect_uris", &bye)).await;
    let mut site = start(&issuer, port).await;
    let (person, mut browser) = (service.person("anna"), browser(&issuer));

    let sent = site.get("/orders?page=2").await;
    let back = log_in(&service, &issuer, &mut browser, &person, sent_to(&sent)).await;
    let back = site.get(&back).await;
    let seen = site.get(sent_to(&back)).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    assert!(seen.text.starts_with("GET /orders?page=2 "), "{}", seen.text);
    let account = browser.session(&service).await.json["account"]["id"].as_str().unwrap().to_owned();
    let told = seen.text.to_lowercase();
    assert!(told.contains(&format!("oidc_claim_sub: {account}")), "{told}");
    assert!(told.contains(&format!("oidc_claim_phone_number: {}", person.phone())), "{told}");
    let token = |answer: &Answer| {
        let line = answer.text.lines().find(|line| line.to_lowercase().starts_with("oidc_access_token:"));
        line.unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
    };
    // Its tokens are always too near their end for it, so it refreshes with every request.
    for _ in 0..3 {
        let again = site.get("/orders").await;
        assert_eq!(again.status, StatusCode::OK, "{}", again.text);
        assert!(!token(&again).is_empty());
    }
    let leave = url::form_urlencoded::byte_serialize(bye.as_bytes()).collect::<String>();
    let sent = site.get(&format!("/orders/callback?logout={leave}")).await;
    let left = log_out(&service, &issuer, &mut browser, sent_to(&sent)).await;
    assert!(left.starts_with(&bye), "{left}");
    let again = site.get("/orders").await;
    assert!(sent_to(&again).starts_with(&issuer), "it asks for a login again");
}
