//! What a client may learn of a person.

/// One thing that a client may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Who it is: the account's id.
    OpenId,
    /// Name and picture.
    Profile,
    /// The phone number.
    Phone,
    /// The unionid and openids that WeChat knows the person by.
    Wechat,
    /// Tokens that can be refreshed while the person is away.
    OfflineAccess,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 5] = [Self::OpenId, Self::Profile, Self::Phone, Self::Wechat, Self::OfflineAccess];

    /// Returns the name that clients use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Phone => "phone",
            Self::Wechat => "wechat",
            Self::OfflineAccess => "offline_access",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    const fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// A set of scopes. Written out they are separated by blanks, in the order of [`Scope::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// No scope.
    pub const NONE: Self = Self(0);

    /// Returns the set of all scopes.
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// Reads names that are separated by blanks. A name that is not known asks for nothing.
    pub fn parse(text: &str) -> Self {
        text.split(' ').filter_map(Scope::parse).collect()
    }

    /// Returns whether a scope is in the set.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Returns whether all of another set is in this one.
    pub const fn has_all(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns what both sets have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns what one of the sets has.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the scopes in the set.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }

    pub(super) const fn to_byte(self) -> u8 {
        self.0
    }

    pub(super) fn from_byte(byte: u8) -> Self {
        Self(byte).and(Self::all())
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | scope.bit()))
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::as_str).collect();
        f.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written_and_unknown_ones_ask_for_nothing() {
        let scopes = Scopes::parse("offline_access email openid OPENID");
        assert_eq!(scopes.to_string(), "openid offline_access");
        assert_eq!(Scopes::parse(&Scopes::all().to_string()), Scopes::all());
        assert_eq!(Scopes::parse(""), Scopes::NONE);
        assert_eq!(Scopes::from_byte(0xff), Scopes::all());
    }

    #[test]
    fn a_set_knows_what_is_in_it() {
        let (few, more) = (Scopes::parse("openid"), Scopes::parse("openid phone"));
        assert!(more.has_all(few) && !few.has_all(more) && few.has_all(Scopes::NONE));
        assert_eq!(more.and(Scopes::parse("phone wechat")), Scopes::parse("phone"));
        assert_eq!(few.or(Scopes::parse("phone")), more);
    }
}
