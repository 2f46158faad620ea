//! The recipes of `docs/en/forward-auth.md`, as they stand there, with the proxies that this machine has.

use std::{path::Path, process::Stdio};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
};

use crate::{
    contract::client,
    harness::{Answer, PUBLIC_URL, Service, Setup, eventually, parameter, register},
    tokens::{Jwt, keys},
};

const RECIPES: &str = include_str!("../../../docs/en/forward-auth.md");
const CHINESE_RECIPES: &str = include_str!("../../../docs/zh/forward-auth.md");

/// Where Debian has the modules of Lua.
const LUA_SCRIPTS: &str = "/usr/share/lua/5.3";
const LUA_LIBRARIES: [&str; 2] = ["/usr/lib/x86_64-linux-gnu/lua/5.3", "/usr/lib/aarch64-linux-gnu/lua/5.3"];

/// Returns the blocks of a page, each with its language.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    page.split("```").skip(1).step_by(2)
}

#[test]
fn both_languages_have_the_same_recipes() {
    assert!(blocks(RECIPES).eq(blocks(CHINESE_RECIPES)));
    assert_eq!(blocks(RECIPES).count(), 8);
}

/// Returns the blocks of a language in the recipes, with the addresses of a test.
fn recipe(language: &str, number: usize, service: &Service, site: &str) -> String {
    let mut blocks = blocks(RECIPES).filter_map(|block| block.strip_prefix(&format!("{language}\n")));
    let block = blocks.nth(number).expect("the recipe is there");
    let saoma = service.url.trim_start_matches("http://");
    block
        .replace("127.0.0.1:8080", saoma)
        .replace("127.0.0.1:3000", site)
        // What the recipes say of `forward_auth.jwt_audience`.
        .replace("# auth_request_set", "auth_request_set")
        .replace("# proxy_set_header Authorization", "proxy_set_header Authorization")
        .replace("copy_headers", "copy_headers Authorization")
        .replace("# - Authorization", "- Authorization")
        .replace("[{ prefix: x-saoma- }]", "[{ prefix: x-saoma- }, { exact: authorization }]")
}

/// Answers every request with its own head, as a system behind a proxy.
pub(crate) async fn start_site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(echo(stream));
        }
    });
    address
}

async fn echo(mut stream: TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", head.len());
    let _ = stream.write_all(&[answer.as_bytes(), &head].concat()).await;
}

/// A proxy in front of a site and of the service.
struct Proxied {
    service: Service,
    url: String,
    _process: Child,
    _files: tempfile::TempDir,
}

/// Where `tests/clients/install.sh` puts proxies that `PyPI` has.
const OF_PYPI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/clients/proxies/bin");

/// Returns where a program is, if it is there: `tests/run.sh` brings those that Debian and `PyPI` have, and says which are left out.
fn program(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin", "/usr/bin", OF_PYPI].map(Into::into));
    let found = places.map(|place| place.join(name)).find(|program| program.is_file());
    found.map(|program| program.display().to_string())
}

/// Returns a place of the system, or of what `tests/run.sh` has brought.
fn installed(path: &str) -> Option<String> {
    let brought = std::env::var("SAOMA_TEST_PROGRAMS").unwrap_or_default();
    [String::new(), brought]
        .map(|root| format!("{root}{path}"))
        .into_iter()
        .find(|path| Path::new(path).exists())
}

/// Starts a proxy with files that are made for a port; `None` where this machine does not have it.
async fn start(
    name: &str,
    arguments: &[&str],
    files: impl Fn(&Service, &str, u16, &Path) -> Vec<(&'static str, String)>,
) -> Option<Proxied> {
    let program = program(name)?;
    let service = Setup::default().set("forward_auth.jwt_audience", "intranet").start().await;
    let (site, directory, port) =
        (start_site().await, tempfile::tempdir().unwrap(), saoma_servers::free_port().unwrap());
    for (file, content) in files(&service, &site, port, directory.path()) {
        std::fs::write(directory.path().join(file), content).unwrap();
    }
    let place = directory.path().display().to_string();
    let arguments = arguments.iter().map(|argument| argument.replace("DIR", &place));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("HOME", &place)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some(libraries) = std::env::var_os("SAOMA_TEST_LIBRARIES") {
        command.env("LD_LIBRARY_PATH", libraries);
    }
    if let (Some(scripts), Some(libraries)) =
        (installed(LUA_SCRIPTS), LUA_LIBRARIES.into_iter().find_map(installed))
    {
        command.env("LUA_PATH", format!("{scripts}/?.lua;;"));
        command.env("LUA_CPATH", format!("{libraries}/?.so;;"));
    }
    let process = command.current_dir(directory.path()).kill_on_drop(true).spawn().unwrap();
    eventually("the proxy listens", async || TcpStream::connect(("127.0.0.1", port)).await.ok()).await;
    Some(Proxied { service, url: format!("http://127.0.0.1:{port}"), _process: process, _files: directory })
}

impl Proxied {
    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let host = PUBLIC_URL.trim_start_matches("http://");
        let request = client().get(format!("{}{path}", self.url)).header("Host", host);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        Answer::read(request.send().await.unwrap()).await
    }

    /// Lets in who is logged in, refuses all others, and passes on no header that says otherwise.
    async fn keeps_its_promises(&self) {
        let wanted = "/orders?page=2&sort=a%26b";
        let sent = self.get(wanted, &[("Accept", "text/html")]).await;
        assert!(sent.location().starts_with(&format!("{PUBLIC_URL}/login?")), "{}", sent.location());
        assert_eq!(
            parameter(sent.location(), "return_to").unwrap(),
            wanted,
            "everything behind the first `&`"
        );
        assert_eq!(self.get(wanted, &[("Accept", "application/json")]).await.status, 401);
        assert_eq!(
            self.get("/v1/session", &[]).await.problem(),
            "session_invalid",
            "the service is at the same host"
        );

        let (device, token) = register(&self.service, &self.service.person("ming")).await;
        let account = device.session(&self.service, &token).await.json["account"].take();
        let cookie = format!("saoma_session={token}");
        let forged = [
            ("Cookie", cookie.as_str()),
            ("X-Saoma-Account", "forged"),
            ("X-Saoma-External-Id", "forged"),
            ("X_Saoma_Account", "forged"),
            ("x-saoma-amr", "forged"),
            ("Authorization", "Basic forged"),
        ];
        let seen = self.get(wanted, &forged).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        assert!(seen.text.starts_with(&format!("GET {wanted} ")), "{}", seen.text);
        let told = seen.text.to_lowercase();
        assert!(told.contains(&format!("x-saoma-account: {}", account["id"].as_str().unwrap())), "{told}");
        assert!(told.contains(&format!("x-saoma-phone: {}", account["phone"].as_str().unwrap())), "{told}");
        assert!(!told.contains("forged"), "{told}");
        assert!(told.contains("x-saoma-amr: wechat_qr sms"), "{told}");
        let signed = seen.text.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("authorization").then(|| value.strip_prefix("Bearer "))?
        });
        let jwt = Jwt::verified(&keys(&self.service).await, signed.expect("a token is there").trim());
        assert_eq!((&jwt.claims["sub"], &jwt.claims["aud"]), (&account["id"], &"intranet".into()));

        device.log_out(&self.service, &token).await;
        let refused = self.get(wanted, &[("Cookie", &cookie), ("Accept", "application/json")]).await;
        assert_eq!(refused.status, 401, "an ended session is refused");
    }
}

#[tokio::test]
async fn nginx() {
    let files = |service: &Service, site: &str, port: u16, directory: &Path| {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {}/{kind};", directory.display()))
            .join(" ");
        let conf = format!(
            "daemon off; master_process off; pid nginx.pid; error_log error.log;\nevents {{}}\nhttp {{ access_log off; \
             {temporary}\nserver {{ listen 127.0.0.1:{port};\n{} }} }}",
            recipe("nginx", 0, service, site)
        );
        vec![("nginx.conf", conf)]
    };
    let arguments = ["-p", "DIR", "-e", "DIR/start.log", "-c", "DIR/nginx.conf"];
    if let Some(proxied) = start("nginx", &arguments, files).await {
        proxied.keeps_its_promises().await;
    }
}

#[tokio::test]
async fn caddy() {
    let files = |service: &Service, site: &str, port: u16, _: &Path| {
        let recipe = recipe("caddy", 0, service, site);
        let conf = format!("{{\n\tadmin off\n}}\nhttp://:{port} {{\n\tbind 127.0.0.1\n{recipe}\n}}\n");
        vec![("Caddyfile", conf)]
    };
    let arguments = ["run", "--adapter", "caddyfile", "--config", "DIR/Caddyfile"];
    if let Some(proxied) = start("caddy", &arguments, files).await {
        proxied.keeps_its_promises().await;
    }
}

#[tokio::test]
async fn haproxy() {
    let files = |service: &Service, site: &str, port: u16, directory: &Path| {
        let conf = recipe("haproxy", 0, service, site)
            .replace("/etc/haproxy", &directory.display().to_string())
            .replace("bind :80", &format!("bind 127.0.0.1:{port}"));
        vec![("haproxy.cfg", conf), ("saoma.lua", recipe("lua", 0, service, site))]
    };
    if let Some(proxied) = start("haproxy", &["-db", "-f", "DIR/haproxy.cfg"], files).await {
        proxied.keeps_its_promises().await;
    }
}

#[tokio::test]
async fn apache() {
    let files = |service: &Service, site: &str, port: u16, directory: &Path| {
        let modules = installed("/usr/lib/apache2/modules").unwrap_or_default();
        let modules = ["mpm_event", "authz_core", "proxy", "proxy_http", "headers", "lua"]
            .map(|name| format!("LoadModule {name}_module {modules}/mod_{name}.so"))
            .join("\n");
        let place = directory.display().to_string();
        let recipe = recipe("apache", 0, service, site).replace("/etc/apache2", &place);
        let conf = format!(
            "ServerRoot {place}\nServerName localhost\nPidFile {place}/pid\nErrorLog {place}/error.log\nDefaultRuntimeDir \
             {place}\n{modules}\nListen 127.0.0.1:{port}\n{recipe}"
        );
        vec![("apache.conf", conf), ("saoma.lua", self::recipe("lua", 1, service, site))]
    };
    let has_sockets = installed(&format!("{LUA_SCRIPTS}/socket/http.lua")).is_some();
    if let Some(proxied) =
        start("apache2", &["-X", "-f", "DIR/apache.conf"], files).await.filter(|_| has_sockets)
    {
        proxied.keeps_its_promises().await;
    }
}

#[tokio::test]
async fn traefik() {
    let host = PUBLIC_URL.trim_start_matches("http://").split(':').next().unwrap();
    let files = |service: &Service, site: &str, port: u16, directory: &Path| {
        let place = directory.display();
        let conf = format!(
            "entryPoints: {{ web: {{ address: \"127.0.0.1:{port}\" }} }}\n\
             providers: {{ file: {{ filename: \"{place}/recipe.yml\" }} }}\n\
             global: {{ checkNewVersion: false, sendAnonymousUsage: false }}\n"
        );
        let recipe = recipe("yaml", 0, service, site).replace("shop.example.com", host);
        vec![("traefik.yml", conf), ("recipe.yml", recipe)]
    };
    if let Some(proxied) = start("traefik", &["--configFile=DIR/traefik.yml"], files).await {
        eventually("it has read the recipe", async || {
            let answer = proxied.get("/v1/session", &[]).await;
            (answer.status != 404).then_some(())
        })
        .await;
        proxied.keeps_its_promises().await;
    }
}

#[tokio::test]
async fn envoy() {
    let files = |service: &Service, site: &str, port: u16, _: &Path| {
        let socket = |address: &str| {
            let (host, port) = address.rsplit_once(':').unwrap();
            format!("{{ socket_address: {{ address: {host}, port_value: {port} }} }}")
        };
        let cluster = |name: &str, address: &str| {
            let endpoint = format!("{{ endpoint: {{ address: {} }} }}", socket(address));
            format!(
                "    - name: {name}\n      load_assignment: {{ cluster_name: {name}, endpoints: [{{ lb_endpoints: [{endpoint}] }}] }}\n"
            )
        };
        let recipe = recipe("yaml", 1, service, site);
        let recipe: String = recipe.lines().map(|line| format!("                {line}\n")).collect();
        let conf = format!(
            "static_resources:\n  listeners:\n    - address: {here}\n      filter_chains:\n        - filters:\n            \
             - name: envoy.filters.network.http_connection_manager\n              typed_config:\n                \
             \"@type\": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager\n                \
             stat_prefix: site\n{recipe}  clusters:\n{}{}",
            cluster("saoma", service.url.trim_start_matches("http://")),
            cluster("site", site),
            here = socket(&format!("127.0.0.1:{port}")),
        );
        vec![("envoy.yaml", conf)]
    };
    let arguments = ["-c", "DIR/envoy.yaml", "--disable-hot-restart", "--concurrency", "1"];
    if let Some(proxied) = start("envoy", &arguments, files).await {
        proxied.keeps_its_promises().await;
    }
}
