//! Addresses that codes are sent to, or browsers after a logout.

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedRedirectUri {
    /// It is not a whole address.
    #[error("has to be a whole address, such as https://app.example.com/callback")]
    NotAbsolute,
    /// A fragment is not sent to the client.
    #[error("must not have a fragment (`#`)")]
    Fragment,
    /// It has a character that browsers change or drop.
    #[error("has a blank, a backslash, a control character or a character that is not ASCII")]
    Character,
    /// It has a name or password in it.
    #[error("must not have a user name in it")]
    Credentials,
    /// It would run a script, or stay within the browser.
    #[error("must not have this scheme")]
    Scheme,
    /// It is longer than 1024 bytes.
    #[error("is longer than 1024 bytes")]
    TooLong,
}

/// An address that codes may be sent to. It is compared letter by letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUri(String);

const MAX: usize = 1024;

/// The person's own device, as programs on it name it.
const DEVICE: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];

/// Schemes that no other program answers to.
const OF_BROWSERS: [&str; 9] =
    ["javascript", "data", "vbscript", "blob", "file", "about", "view-source", "filesystem", "chrome"];

impl RedirectUri {
    /// Reads an address of the configuration. Programs on people's own devices may have a scheme of their own, which has a dot
    /// in it (RFC 8252, section 7.1).
    ///
    /// # Errors
    /// [`MalformedRedirectUri`].
    pub fn parse(text: &str) -> Result<Self, MalformedRedirectUri> {
        if text.len() > MAX {
            return Err(MalformedRedirectUri::TooLong);
        }
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') {
            return Err(MalformedRedirectUri::Character);
        }
        if text.contains('#') {
            return Err(MalformedRedirectUri::Fragment);
        }
        let (scheme, rest) = text.split_once(':').ok_or(MalformedRedirectUri::NotAbsolute)?;
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_lowercase())
            && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b));
        if !is_scheme {
            return Err(MalformedRedirectUri::NotAbsolute);
        }
        match scheme {
            "https" | "http" => drop(host_of(rest)?),
            scheme if OF_BROWSERS.contains(&scheme) || !scheme.contains('.') => {
                return Err(MalformedRedirectUri::Scheme);
            }
            _ => {}
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether an address is this one at another port of the person's own device: this one is http, to an IP address of
    /// the device itself, and has no port. A program there takes whatever port is free when it starts (RFC 8252, section 7.3).
    pub fn is_at_another_port(&self, wanted: &str) -> bool {
        DEVICE.iter().any(|device| {
            let parts = self.0.strip_prefix(device).zip(wanted.strip_prefix(device));
            let Some((path, wanted)) =
                parts.filter(|(path, _)| path.is_empty() || path.starts_with(['/', '?']))
            else {
                return false;
            };
            let port = wanted.strip_suffix(path).and_then(|port| port.strip_prefix(':')).unwrap_or_default();
            port.bytes().all(|b| b.is_ascii_digit()) && port.parse().is_ok_and(|port: u16| port > 0)
        })
    }

    /// Returns whether other programs of a device can take codes by claiming this address for themselves: anything but https
    /// (RFC 8252, section 8.6).
    pub fn can_be_claimed(text: &str) -> bool {
        !text.starts_with("https:")
    }

    /// Returns whether codes can be read on their way there: it is http, and not to this machine.
    pub fn is_in_clear(&self) -> bool {
        let Some(host) = self.0.strip_prefix("http:").and_then(|rest| host_of(rest).ok()) else {
            return false;
        };
        !(matches!(host, "localhost" | "127.0.0.1" | "::1") || host.ends_with(".localhost"))
    }
}

/// Returns the host behind the scheme.
fn host_of(rest: &str) -> Result<&str, MalformedRedirectUri> {
    let authority = rest.strip_prefix("//").ok_or(MalformedRedirectUri::NotAbsolute)?;
    let authority = authority.split(['/', '?']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(MalformedRedirectUri::Credentials);
    }
    let host = match authority.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    if host.is_empty() { Err(MalformedRedirectUri::NotAbsolute) } else { Ok(host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_sites_of_this_machine_and_of_programs_are_fine() {
        for fine in [
            "https://app.example.com/callback",
            "https://app.example.com:8443/cb?tenant=1",
            "http://localhost:3000/login/generic_oauth",
            "http://127.0.0.1/cb",
            "http://[::1]:9/cb",
            "http://grafana.internal/cb",
            "com.example.app:/callback",
        ] {
            assert!(RedirectUri::parse(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn what_browsers_read_otherwise_or_anyone_could_read_is_refused() {
        use MalformedRedirectUri as Wrong;
        for (text, wrong) in [
            ("/callback", Wrong::NotAbsolute),
            ("https:app.example.com/cb", Wrong::NotAbsolute),
            ("https:///cb", Wrong::NotAbsolute),
            ("com.example_app:/callback", Wrong::NotAbsolute),
            ("HTTPS://app.example.com/cb", Wrong::NotAbsolute),
            ("https://app.example.com/cb#x", Wrong::Fragment),
            ("https://app.example.com\\@evil.test/", Wrong::Character),
            ("https://app.example.com/ cb", Wrong::Character),
            ("https://äpp.example.com/", Wrong::Character),
            ("https://a@app.example.com/", Wrong::Credentials),
            ("javascript:alert(1)", Wrong::Scheme),
            ("data:text/html,x", Wrong::Scheme),
            ("myapp:/cb", Wrong::Scheme),
        ] {
            assert_eq!(RedirectUri::parse(text), Err(wrong), "{text}");
        }
        for (text, in_clear) in [
            ("https://app.example.com/cb", false),
            ("http://localhost:3000/cb", false),
            ("http://[::1]:9/cb", false),
            ("com.example.app:/cb", false),
            ("http://grafana.internal/cb", true),
            ("http://localhost.evil.test/cb", true),
        ] {
            assert_eq!(RedirectUri::parse(text).unwrap().is_in_clear(), in_clear, "{text}");
        }
        let long = format!("https://app.example.com/{}", "a".repeat(MAX));
        assert_eq!(RedirectUri::parse(&long), Err(Wrong::TooLong));
    }

    #[test]
    fn a_program_takes_any_port_of_its_own_device_where_none_is_configured() {
        for (known, wanted, fits) in [
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", true),
            ("http://127.0.0.1", "http://127.0.0.1:1", true),
            ("http://[::1]/cb?a=1", "http://[::1]:65535/cb?a=1", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb2", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004/x/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:51004@evil.test/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb", false),
            ("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false),
            ("http://127.0.0.1/cb", "http://[::1]:80/cb", false),
            ("http://127.0.0.1:3000/cb", "http://127.0.0.1:3001/cb", false),
            ("http://127.0.0.1.evil.test/cb", "http://127.0.0.1:80.evil.test/cb", false),
            ("http://localhost/cb", "http://localhost:80/cb", false),
            ("https://127.0.0.1/cb", "https://127.0.0.1:80/cb", false),
        ] {
            assert_eq!(
                RedirectUri::parse(known).unwrap().is_at_another_port(wanted),
                fits,
                "{known} {wanted}"
            );
        }
    }
}
