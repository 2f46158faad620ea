//! The section `[server]`.

use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;
use saoma_domain::keys::{KeyRing, ServerKey};
use secrecy::ExposeSecret;
use url::{Origin, Url};

use super::reader::Section;

/// Listeners, keys and who may call.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where the operator's endpoints listen.
    pub admin_listen: SocketAddr,
    /// How clients reach the API: an origin without a path.
    pub public_url: Url,
    /// The server keys.
    pub keys: KeyRing,
    /// Other origins whose pages may call with cookies.
    pub allowed_origins: Vec<Origin>,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// How long running requests may take once the service is told to stop.
    pub shutdown_grace: Duration,
}

impl ServerConfig {
    /// Returns whether clients reach the service by https.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

pub(super) fn read(section: &mut Section<'_>) -> Option<ServerConfig> {
    let listen = section.parsed("listen", SocketAddr::from(([127, 0, 0, 1], 8080)));
    let admin_listen = section.parsed("admin_listen", SocketAddr::from(([127, 0, 0, 1], 9090)));
    let public_url = public_url(section);
    let keys = keys(section);
    let origins = section.list("allowed_origins");
    let allowed_origins = origins.iter().filter_map(|text| origin(section, text)).collect();
    let networks = section.list("trusted_proxies");
    let trusted_proxies = networks.iter().filter_map(|text| network(section, text)).collect();
    let shutdown_grace = section.seconds("shutdown_grace_s", 30, 1..=3600);
    Some(ServerConfig {
        listen,
        admin_listen,
        public_url: public_url?,
        keys: keys?,
        allowed_origins,
        trusted_proxies,
        shutdown_grace,
    })
}

fn public_url(section: &mut Section<'_>) -> Option<Url> {
    let text = section.text("public_url").unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let url = match Url::parse(&text) {
        Ok(url) => url,
        Err(error) => {
            section.problem("public_url", format!("`{text}` is not a URL: {error}"));
            return None;
        }
    };
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !plain {
        section.problem("public_url", format!("`{text}` has to be http(s)://host[:port] without a path"));
        return None;
    }
    Some(url)
}

fn keys(section: &mut Section<'_>) -> Option<KeyRing> {
    let one = section.secret("key");
    let several = section.secrets("keys");
    let (name, texts) = match (one, several.is_empty()) {
        (Some(_), false) => {
            section.problem("keys", "only one of `key` and `keys` can be given");
            return None;
        }
        (Some(key), true) => ("key", vec![key]),
        (None, false) => ("keys", several),
        (None, true) => {
            section.problem("key", "missing: 32 random bytes in hex, as `openssl rand -hex 32` prints them");
            return None;
        }
    };
    let mut keys = Vec::new();
    for text in &texts {
        match parse_key(text.expose_secret()) {
            Ok(key) => keys.push(key),
            Err(message) => section.problem(name, message),
        }
    }
    let mut keys = keys.into_iter();
    let current = keys.next()?;
    Some(KeyRing::new(current, keys.collect()))
}

fn parse_key(hex: &str) -> Result<ServerKey, String> {
    if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("has to be 32 bytes in hex; this one has other characters than 0-9 and a-f".to_owned());
    }
    if hex.len() != 64 {
        return Err(format!("has to be 32 bytes in hex (64 characters); this one has {}", hex.len()));
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        let digits = hex.get(at * 2..at * 2 + 2).unwrap_or("");
        *byte = u8::from_str_radix(digits, 16).map_err(|error| error.to_string())?;
    }
    if bytes == [0; 32] {
        return Err("has to be random".to_owned());
    }
    Ok(ServerKey::new(bytes))
}

fn origin(section: &mut Section<'_>, text: &str) -> Option<Origin> {
    let origin = Url::parse(text).ok().map(|url| url.origin()).filter(Origin::is_tuple);
    // Only what is spelled as a browser spells it can ever match.
    let exact = origin.filter(|origin| origin.ascii_serialization() == text.trim_end_matches('/'));
    if exact.is_none() {
        section
            .problem("allowed_origins", format!("`{text}` is not an origin such as https://www.example.com"));
    }
    exact
}

fn network(section: &mut Section<'_>, text: &str) -> Option<IpNet> {
    let network = text.parse().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from)).ok();
    if network.is_none() {
        section.problem("trusted_proxies", format!("`{text}` is not a network such as 10.0.0.0/8"));
    }
    network
}
