//! The parameters of a request, each of which may be given once.

/// A parameter that was given more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated;

/// The parameters of a request. One without a value counts as not given (RFC 6749, section 3.1).
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Wraps names and values as they were sent.
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Returns the value of a parameter.
    ///
    /// # Errors
    /// [`Repeated`] where it was given more than once, with or without a value.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut given = self.0.iter().filter(|(given, _)| given == name);
        let first = given.next().map(|(_, value)| value.as_str());
        if given.next().is_some() { Err(Repeated) } else { Ok(first.filter(|value| !value.is_empty())) }
    }

    /// Returns whether a parameter was given, with a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(given, value)| given == name && !value.is_empty())
    }

    /// Returns the name of a parameter that was given more than once.
    pub fn repeated(&self) -> Option<&str> {
        let names = self.0.iter().map(|(name, _)| name.as_str()).enumerate();
        let is_repeated =
            |(at, name): &(usize, &str)| self.0.iter().skip(at + 1).any(|(other, _)| other == name);
        names.into_iter().find(is_repeated).map(|(_, name)| name)
    }

    /// Returns all parameters as they were sent.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        Parameters::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn a_parameter_is_given_once_and_with_a_value_or_not_at_all() {
        let given = parameters(&[("a", "1"), ("b", ""), ("c", "1"), ("c", "1"), ("d", ""), ("d", "")]);
        assert_eq!(given.get("a"), Ok(Some("1")));
        assert_eq!((given.get("b"), given.get("x")), (Ok(None), Ok(None)));
        assert_eq!((given.get("c"), given.get("d")), (Err(Repeated), Err(Repeated)));
        assert!(given.has("a") && given.has("c") && !given.has("b") && !given.has("x"));
        assert_eq!(given.repeated(), Some("c"));
        assert_eq!(parameters(&[("a", "1"), ("b", "1")]).repeated(), None);
    }
}
