use chrono::{DateTime, Utc};

use crate::MailKind;

/// The template of one kind of mail in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its subject.
    pub subject: String,
    /// Its plain text, from which the HTML is made.
    pub text: String,
}

/// An organization's template in place of the shipped one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateOverride {
    /// The kind of mail.
    pub kind: MailKind,
    /// Its language, a BCP 47 tag.
    pub locale: String,
    /// The template itself.
    pub template: Template,
    /// The template in another language was changed later (S000-52).
    pub is_outdated: bool,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}

/// The languages of the templates that Steward ships.
pub const SHIPPED_LOCALES: [&str; 2] = ["en", "es"];

/// The languages to try, in this order: the recipient's, its base (`es` of `es-MX`), the organization's,
/// English (S000-51).
pub fn locales_to_try<'a>(wanted: &'a str, org_default: &'a str) -> Vec<&'a str> {
    let base = |tag: &'a str| tag.split('-').next().unwrap_or(tag);
    let mut order = Vec::new();
    for tag in [wanted, base(wanted), org_default, base(org_default), "en"] {
        if !order.contains(&tag) {
            order.push(tag);
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s000_51_languages_fall_back_in_order() {
        assert_eq!(locales_to_try("es-MX", "fr"), ["es-MX", "es", "fr", "en"]);
        assert_eq!(locales_to_try("en", "en"), ["en"]);
    }
}
