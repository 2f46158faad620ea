//! Tokens that are signed, and what signs them.

/// How a token is signed (RFC 7518).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256: short and cheap.
    Es256,
    /// RSA with SHA-256: what every client knows.
    Rs256,
}

impl SigningAlgorithm {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Es256, Self::Rs256];

    /// Returns its name in tokens and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

/// What a token is for, as its header says (`typ`), so that none is taken for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A token about a person: for a service behind the site, or an id token.
    Identity,
    /// An access token (RFC 9068).
    Access,
    /// Says to a client that a session is over (`OpenID` Connect Back-Channel Logout).
    Logout,
}

impl TokenKind {
    const ALL: [Self; 3] = [Self::Identity, Self::Access, Self::Logout];

    /// Returns what the header says.
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Identity => "JWT",
            Self::Access => "at+jwt",
            Self::Logout => "logout+jwt",
        }
    }

    /// Reads what a header says.
    pub fn of_typ(typ: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.typ() == typ)
    }
}
