use std::collections::BTreeSet;

use crate::{MailKind, SHIPPED_LOCALES, TemplateOverride, locales_to_try};

/// A problem with the templates of one kind of mail in one language (S000-52).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// There is no template: recipients get another language.
    Missing,
    /// The template in another language was changed later.
    Outdated,
}

/// The gaps of an organization by kind and language, for the languages `wanted` and those of its own
/// templates.
pub fn gaps(own: &[TemplateOverride], wanted: &[String]) -> Vec<(MailKind, String, Gap)> {
    let locales: BTreeSet<&str> =
        wanted.iter().map(String::as_str).chain(own.iter().map(|own| own.locale.as_str())).collect();
    let mut found: Vec<_> = MailKind::ALL
        .into_iter()
        .flat_map(|kind| locales.iter().map(move |locale| (kind, *locale)))
        .filter_map(|(kind, locale)| Some((kind, locale.to_owned(), gap(own, kind, locale)?)))
        .collect();
    found.sort_by(|a, b| (a.0.as_str(), &a.1).cmp(&(b.0.as_str(), &b.1)));
    found
}

fn gap(own: &[TemplateOverride], kind: MailKind, locale: &str) -> Option<Gap> {
    let of_kind: Vec<_> = own.iter().filter(|own| own.kind == kind).collect();
    let base = locale.split('-').next().unwrap_or(locale);
    for tag in locales_to_try(locale, base) {
        if tag != locale && tag != base {
            break;
        }
        if let Some(words) = of_kind.iter().find(|own| own.locale == tag) {
            return words.is_outdated.then_some(Gap::Outdated);
        }
        if SHIPPED_LOCALES.contains(&tag) {
            // Shipped templates are older than any template of the organization.
            return (!of_kind.is_empty()).then_some(Gap::Outdated);
        }
    }
    Some(Gap::Missing)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::Template;

    fn own(locale: &str, is_outdated: bool) -> TemplateOverride {
        TemplateOverride {
            kind: MailKind::NewReply,
            locale: locale.to_owned(),
            template: Template { subject: "s".to_owned(), text: "t".to_owned() },
            is_outdated,
            updated_at: DateTime::UNIX_EPOCH,
            version: 1,
        }
    }

    fn of_replies(own: &[TemplateOverride], wanted: &[&str]) -> Vec<(String, Gap)> {
        let wanted: Vec<String> = wanted.iter().map(|l| (*l).to_owned()).collect();
        let of_replies = gaps(own, &wanted).into_iter().filter(|(kind, ..)| *kind == MailKind::NewReply);
        of_replies.map(|(_, locale, gap)| (locale, gap)).collect()
    }

    #[test]
    fn s000_52_shipped_templates_cover_only_their_languages_and_variants() {
        assert_eq!(of_replies(&[], &["en", "es-MX", "fr"]), [("fr".to_owned(), Gap::Missing)]);
        assert_eq!(gaps(&[], &["fr".to_owned()]).len(), MailKind::ALL.len());
    }

    #[test]
    fn s000_52_an_own_template_in_one_language_makes_the_others_outdated() {
        let gaps = of_replies(&[own("en", false)], &["en", "es-MX", "fr"]);
        assert_eq!(gaps, [("es-MX".to_owned(), Gap::Outdated), ("fr".to_owned(), Gap::Missing)]);
        assert_eq!(of_replies(&[own("fr", false), own("en", true)], &[]), [("en".to_owned(), Gap::Outdated)]);
    }
}
