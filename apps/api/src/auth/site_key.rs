//! The keys of the site API: who calls, from where, and whether the key has the scope that the call needs.
//!
//! A handler takes a [`SiteCall`] of its scope as its first argument, so that no other part of a call is read before the
//! key was checked.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    net::IpAddr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use saoma_domain::{
    actor::{Actor, KeyName},
    services::ActedBy,
};
use subtle::ConstantTimeEq;

use super::credential_source::bearer;
use crate::{
    config::{AdminConfig, AdminKey, Scope, hash_of},
    extract::Caller,
    problem::{ErrorCode, Problem},
};

/// The keys of the site API.
pub(crate) struct SiteKeys(Vec<AdminKey>);

impl SiteKeys {
    /// Reads the keys from the configuration.
    pub(crate) fn new(admin: &AdminConfig) -> Self {
        Self(admin.keys.clone())
    }

    /// Finds a key. How long it takes says nothing about the keys: all hashes are compared, and to their ends.
    fn find(&self, key: &str) -> Option<&AdminKey> {
        let hash = hash_of(key);
        let mut found = None;
        for known in &self.0 {
            if bool::from(known.sha256.ct_eq(&hash)) {
                found = Some(known);
            }
        }
        found
    }

    /// Checks the key of a call from an address.
    ///
    /// # Errors
    /// `key_invalid` (401) without a known key, `origin_refused` (403) from a foreign network, `scope_missing` (403).
    fn check(&self, key: Option<&str>, from: IpAddr, scopes: &[Scope]) -> Result<KeyName, Problem> {
        let key = key.and_then(|key| self.find(key)).ok_or_else(|| {
            Problem::new(ErrorCode::KeyInvalid, "expected `Authorization: Bearer` with a key of `admin.keys`")
        })?;
        if !key.networks.is_empty() && !key.networks.iter().any(|network| network.contains(&from)) {
            let detail = format!("key `{}` is for other networks than that of {from}", key.name);
            return Err(Problem::new(ErrorCode::OriginRefused, detail));
        }
        if !scopes.iter().any(|scope| key.scopes.contains(scope)) {
            let missing: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
            let detail = format!("key `{}` does not have the scope `{}`", key.name, missing.join("` or `"));
            return Err(Problem::new(ErrorCode::ScopeMissing, detail));
        }
        Ok(key.name.clone())
    }
}

/// A scope as a type, so that a handler's signature says which one its call needs.
pub(crate) trait NeededScope: 'static {
    /// The scope; where there are several, any of them is enough.
    const SCOPES: &'static [Scope];
}

/// A call of the site API whose key was checked and has the scope `S`.
pub(crate) struct SiteCall<S> {
    by: ActedBy,
    scope: PhantomData<S>,
}

impl<S> SiteCall<S> {
    /// Returns who does what the call asks for, as the audit trail names them.
    pub(crate) fn actor(&self) -> Actor {
        self.by.actor.clone()
    }

    /// Returns who does what the call asks for, and from where.
    pub(crate) fn by(&self) -> &ActedBy {
        &self.by
    }
}

impl<S: NeededScope> FromRequest for SiteCall<S> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(keys) = request.app_data::<Data<SiteKeys>>() else {
            return ready(Err(Problem::new(ErrorCode::NotFound, "no endpoint has this path")));
        };
        let key = keys.check(bearer(request), Caller::address(request), S::SCOPES);
        let client = || Caller::of(request).client_info;
        let by = |key| ActedBy { actor: Actor::Key(key), client: client() };
        ready(key.map(|key| Self { by: by(key), scope: PhantomData }))
    }
}

/// Makes a type of each scope.
macro_rules! needed_scopes {
    ($($(#[$doc:meta])* $name:ident = $($scope:ident)|+),* $(,)?) => {
        /// The scopes as types, for [`SiteCall`].
        pub(crate) mod scope {
            $(
                $(#[$doc])*
                pub(crate) struct $name;

                impl super::NeededScope for $name {
                    const SCOPES: &'static [super::Scope] = &[$(super::Scope::$scope),+];
                }
            )*
        }
    };
}

needed_scopes!(
    /// `sessions:read`
    SessionsRead = SessionsRead,
    /// `sessions:read` or `sessions:write`
    SessionsList = SessionsRead | SessionsWrite,
    /// `sessions:write`
    SessionsWrite = SessionsWrite,
    /// `accounts:read`
    AccountsRead = AccountsRead,
    /// `accounts:write`
    AccountsWrite = AccountsWrite,
    /// `accounts:erase`
    AccountsErase = AccountsErase,
    /// `audit:read`
    AuditRead = AuditRead,
    /// `events:read`
    EventsRead = EventsRead,
    /// `events:replay`
    EventsReplay = EventsReplay,
    /// `status:read`
    StatusRead = StatusRead,
    /// `wechat:call`
    WechatCall = WechatCall,
    /// `wechat:token`
    WechatToken = WechatToken,
    /// `accounts:merge`
    AccountsMerge = AccountsMerge,
);

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> SiteKeys {
        let key = |name: &str, secret: &str, networks: &[&str]| AdminKey {
            name: KeyName::parse(name).unwrap(),
            sha256: hash_of(secret),
            scopes: vec![Scope::SessionsRead],
            networks: networks.iter().map(|network| network.parse().unwrap()).collect(),
        };
        SiteKeys(vec![key("orders", "first", &[]), key("office", "second", &["10.0.0.0/8", "fd00::/8"])])
    }

    fn checked(key: Option<&str>, from: &str, scope: Scope) -> Result<String, ErrorCode> {
        let checked = keys().check(key, from.parse().unwrap(), &[scope]);
        checked.map(|name| name.to_string()).map_err(|problem| problem.code())
    }

    #[test]
    fn a_key_is_known_by_its_hash_and_nothing_else() {
        assert_eq!(checked(Some("first"), "192.0.2.1", Scope::SessionsRead).as_deref(), Ok("orders"));
        for wrong in [None, Some(""), Some("firs"), Some("first "), Some("First"), Some("third")] {
            assert_eq!(
                checked(wrong, "192.0.2.1", Scope::SessionsRead),
                Err(ErrorCode::KeyInvalid),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_key_does_what_its_scopes_say_from_where_its_networks_are() {
        assert_eq!(checked(Some("first"), "192.0.2.1", Scope::AccountsRead), Err(ErrorCode::ScopeMissing));
        for (from, expected) in [
            ("10.1.2.3", Ok("office".to_owned())),
            ("fd00::1", Ok("office".to_owned())),
            ("192.0.2.1", Err(ErrorCode::OriginRefused)),
            ("2001:db8::1", Err(ErrorCode::OriginRefused)),
        ] {
            assert_eq!(checked(Some("second"), from, Scope::SessionsRead), expected, "{from}");
        }
    }
}
