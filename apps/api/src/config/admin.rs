//! The sections `[[admin.keys]]`: who may call the site API, from where, and what for.

use ipnet::IpNet;
use saoma_domain::actor::KeyName;
use secrecy::ExposeSecret;

use super::section::Section;

/// The keys of the site API.
#[derive(Clone, Debug, Default)]
pub struct AdminConfig {
    /// The keys, in the order of the configuration.
    pub keys: Vec<AdminKey>,
}

/// One key of the site API.
#[derive(Clone, Debug)]
pub struct AdminKey {
    /// Its name, which stands in the audit trail.
    pub name: KeyName,
    /// The SHA-256 of the key.
    pub sha256: [u8; 32],
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The networks that it may be used from; empty: any.
    pub networks: Vec<IpNet>,
}

/// What a key of the site API may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Check and list sessions.
    SessionsRead,
    /// End sessions.
    SessionsWrite,
    /// Find, read and export accounts.
    AccountsRead,
    /// Make and change accounts.
    AccountsWrite,
    /// Erase accounts.
    AccountsErase,
    /// Merge accounts, and undo that.
    AccountsMerge,
    /// Read the audit trail.
    AuditRead,
    /// Read the journal of callbacks and the deliveries of webhooks.
    EventsRead,
    /// Take an event again.
    EventsReplay,
    /// Have an access token of WeChat.
    WechatToken,
    /// Call WeChat through this service.
    WechatCall,
    /// Read the status and the funnel.
    StatusRead,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 12] = [
        Self::SessionsRead,
        Self::SessionsWrite,
        Self::AccountsRead,
        Self::AccountsWrite,
        Self::AccountsErase,
        Self::AccountsMerge,
        Self::AuditRead,
        Self::EventsRead,
        Self::EventsReplay,
        Self::WechatToken,
        Self::WechatCall,
        Self::StatusRead,
    ];

    /// Returns the name that the configuration uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionsRead => "sessions:read",
            Self::SessionsWrite => "sessions:write",
            Self::AccountsRead => "accounts:read",
            Self::AccountsWrite => "accounts:write",
            Self::AccountsErase => "accounts:erase",
            Self::AccountsMerge => "accounts:merge",
            Self::AuditRead => "audit:read",
            Self::EventsRead => "events:read",
            Self::EventsReplay => "events:replay",
            Self::WechatToken => "wechat:token",
            Self::WechatCall => "wechat:call",
            Self::StatusRead => "status:read",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

pub(super) fn read(section: &mut Section<'_>) -> AdminConfig {
    let tables = section.tables("keys");
    let mut keys: Vec<AdminKey> = Vec::new();
    for (at, table) in tables.into_iter().enumerate() {
        let Some(key) = section.inside(&format!("keys[{at}]"), table, admin_key) else { continue };
        let same = keys.iter().find(|other| other.name == key.name || other.sha256 == key.sha256);
        match same.map(|other| other.name == key.name) {
            Some(true) => section.problem(&format!("keys[{at}].name"), "another key has this name"),
            Some(false) => {
                let message = format!("`{}` is the same key as another one", key.name);
                section.problem(&format!("keys[{at}]"), message);
            }
            None => keys.push(key),
        }
    }
    AdminConfig { keys }
}

fn admin_key(section: &mut Section<'_>) -> Option<AdminKey> {
    let name = section.text("name").map(KeyName::parse);
    let shown = match &name {
        Some(Ok(name)) => name.to_string(),
        Some(Err(_)) | None => {
            section.problem("name", "missing or not of the form [a-z0-9_-]{1,32}");
            String::new()
        }
    };
    let sha256 = sha256(section, &shown);
    let scopes = scopes(section, &shown);
    let networks = section.list("networks");
    let networks = networks.iter().filter_map(|text| network(section, &shown, text)).collect();
    Some(AdminKey { name: name?.ok()?, sha256: sha256?, scopes, networks })
}

/// Reads the hash of a key, or the file that has the key itself.
fn sha256(section: &mut Section<'_>, name: &str) -> Option<[u8; 32]> {
    let has_both = section.has("sha256") && section.has("key_file");
    let (hash, key) = (section.text("sha256"), section.secret_file("key_file"));
    if has_both {
        section
            .problem("sha256", format!("of key `{name}`: only one of `sha256` and `key_file` can be given"));
        return None;
    }
    match (hash, key) {
        (Some(hash), _) => {
            let bytes = from_hex(hash.trim());
            if bytes.is_none() {
                let message = format!("of key `{name}`: has to be a SHA-256 in hex (64 characters)");
                section.problem("sha256", message);
            }
            bytes
        }
        (None, Some(key)) => Some(hash_of(key.expose_secret())),
        (None, None) => {
            if !section.has_problem_with("key_file") {
                let message =
                    format!("of key `{name}`: missing; `saoma key --admin` makes a key and its hash");
                section.problem("sha256", message);
            }
            None
        }
    }
}

fn scopes(section: &mut Section<'_>, name: &str) -> Vec<Scope> {
    let texts = section.list("scopes");
    if texts.is_empty() {
        section.problem("scopes", format!("of key `{name}`: missing; a key without a scope may do nothing"));
    }
    let mut scopes = Vec::new();
    for text in texts {
        match Scope::parse(&text) {
            Some(scope) => scopes.push(scope),
            None => {
                let known = Scope::ALL.map(Scope::as_str);
                let near = known.iter().min_by_key(|known| strsim::damerau_levenshtein(known, &text));
                let near = near.copied().unwrap_or_default();
                let message = format!("of key `{name}`: `{text}` is no scope; did you mean `{near}`?");
                section.problem("scopes", message);
            }
        }
    }
    scopes
}

fn network(section: &mut Section<'_>, name: &str, text: &str) -> Option<IpNet> {
    let network = text.parse().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from)).ok();
    if network.is_none() {
        let message = format!("of key `{name}`: `{text}` is not a network such as 10.0.0.0/8");
        section.problem("networks", message);
    }
    network
}

/// Returns the SHA-256 of a key.
pub(crate) fn hash_of(key: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, key.as_bytes()).as_ref());
    out
}

fn from_hex(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}
