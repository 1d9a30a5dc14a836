use thiserror::Error;

/// The short name of an organization in links: lower-case letters, digits and single hyphens, 2 to 63 characters.
///
/// Unique in the platform (S003-15).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

/// The text is no slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a slug has 2 to 63 lower-case letters, digits and single hyphens, and starts and ends with a letter or digit"
)]
pub struct InvalidSlug;

impl Slug {
    /// The rule of [`Slug::parse`] without its length, as a regular expression for `openapi.yaml`.
    pub const PATTERN: &'static str = "^[a-z0-9]+(-[a-z0-9]+)*$";

    /// Takes a slug exactly as it appears in links.
    pub fn parse(text: &str) -> Result<Self, InvalidSlug> {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if (2..=63).contains(&text.len()) && text.split('-').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSlug)
        }
    }

    /// The slug itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s003_15_malformed_slugs_are_refused() {
        for bad in ["", "a", "A-b", "-ab", "ab-", "a--b", "a b", "ä-b", &"a".repeat(64)] {
            assert_eq!(Slug::parse(bad), Err(InvalidSlug), "{bad}");
        }
        for good in ["ab", "sunrise", "a-1", &"a".repeat(63)] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
    }
}
