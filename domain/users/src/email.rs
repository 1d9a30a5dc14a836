use thiserror::Error;

/// An e-mail address in lower case, so that any spelling is the same account (R15).
///
/// The rule is the one that browsers use for `<input type=email>`, with a domain of at least two labels:
/// ASCII, at most 64 characters before the `@` and 254 in all (RFC 5321 4.5.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not an e-mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Maximum length, in characters.
    pub const MAX_CHARS: usize = 254;
    /// The rule of [`EmailAddress::parse`] without its total length, for `openapi.yaml`.
    pub const PATTERN: &'static str = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$";

    /// Takes an address exactly as sent; white space around it is an error.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let local_ok = (1..=64).contains(&local.len())
            && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
        let label_ok = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_ok = domain.contains('.') && domain.split('.').all(label_ok);
        if text.len() > Self::MAX_CHARS || !local_ok || !domain_ok {
            return Err(InvalidEmail);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_and_checked() {
        assert_eq!(EmailAddress::parse("Ann@Example.ORG").unwrap().as_str(), "ann@example.org");
        for bad in [
            "", "a", "a@b", "@b.c", "a@", "a b@c.d", " a@b.c", "a@b.c ", "a@-b.c", "a@b..c", "ä@b.c",
            "a\0@b.c",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(InvalidEmail), "{bad}");
        }
    }
}
