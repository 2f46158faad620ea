//! The sections `[[tokens]]`: the services that get signed tokens about who is logged in.

use std::time::Duration;

use saoma_domain::signing::SigningAlgorithm;

use super::section::Section;

/// A service that gets signed tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAudience {
    /// Its name, which stands in the token as `aud`.
    pub audience: String,
    /// How long a token is valid.
    pub ttl: Duration,
    /// Whether the name of the person stands in it.
    pub tells_name: bool,
    /// Whether the whole phone number stands in it.
    pub tells_phone: bool,
    /// How it is signed.
    pub algorithm: SigningAlgorithm,
}

impl TokenAudience {
    /// How long a token is valid where nothing else is said.
    pub(crate) const TTL_S: u32 = 300;

    /// Makes an audience that is told what every one is.
    pub(super) fn plain(audience: String) -> Self {
        Self {
            audience,
            ttl: Duration::from_secs(Self::TTL_S.into()),
            tells_name: false,
            tells_phone: false,
            algorithm: SigningAlgorithm::Es256,
        }
    }
}

pub(super) fn read(root: &mut Section<'_>) -> Vec<TokenAudience> {
    let mut audiences: Vec<TokenAudience> = Vec::new();
    for (at, table) in root.tables("tokens").into_iter().enumerate() {
        let key = format!("tokens[{at}]");
        let Some(audience) = root.inside(&key, table, audience) else { continue };
        if audiences.iter().any(|other| other.audience == audience.audience) {
            root.problem(&format!("{key}.audience"), "another section has this audience");
        }
        audiences.push(audience);
    }
    audiences
}

fn audience(section: &mut Section<'_>) -> Option<TokenAudience> {
    let name = section.text("audience");
    let ttl = section.seconds("ttl_s", TokenAudience::TTL_S, 10..=86_400);
    let (mut tells_name, mut tells_phone) = (false, false);
    for claim in section.list("claims") {
        match claim.as_str() {
            "name" => tells_name = true,
            "phone_number" => tells_phone = true,
            _ => section.problem("claims", format!("`{claim}` is none of `name`, `phone_number`")),
        }
    }
    let algorithms = SigningAlgorithm::ALL.map(|algorithm| (algorithm.name(), algorithm));
    let algorithm = section.choice("algorithm", &algorithms, SigningAlgorithm::Es256);
    let Some(audience) = name.filter(|name| is_audience(name)) else {
        section.problem("audience", "missing, or not of 1 to 200 printable characters without blanks");
        return None;
    };
    Some(TokenAudience { audience, ttl, tells_name, tells_phone, algorithm })
}

/// Returns whether a text can be the name of an audience: a word, or a URL.
pub(super) fn is_audience(name: &str) -> bool {
    name.len() <= 200 && !name.is_empty() && name.chars().all(|c| !c.is_whitespace() && !c.is_control())
}
