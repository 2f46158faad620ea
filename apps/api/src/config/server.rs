//! The section `[server]`.

use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;
use saoma_domain::keys::KeyRing;
use url::{Origin, Url};

use super::{section::Section, server_keys};

/// Listeners, keys, and the origins and proxies that are trusted.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where the operator's endpoints listen.
    pub admin_listen: SocketAddr,
    /// Names by which the operator's listener is called, besides its address.
    pub admin_hosts: Vec<String>,
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
    let admin_hosts = section.list("admin_hosts");
    for name in &admin_hosts {
        if name.contains([':', '/']) {
            section.problem("admin_hosts", format!("`{name}` is not a name such as metrics.example.com"));
        }
    }
    let public_url = public_url(section);
    let keys = server_keys::read(section);
    let origins = section.list("allowed_origins");
    let allowed_origins = origins.iter().filter_map(|text| origin(section, text)).collect();
    let networks = section.list("trusted_proxies");
    let trusted_proxies = networks.iter().filter_map(|text| network(section, text)).collect();
    let shutdown_grace = section.seconds("shutdown_grace_s", 30, 1..=3600);
    Some(ServerConfig {
        listen,
        admin_listen,
        admin_hosts,
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
