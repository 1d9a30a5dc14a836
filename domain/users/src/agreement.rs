use chrono::{DateTime, Utc};

/// A version of something that people agree to, such as the terms of use (S001-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// What it is: `terms_of_use`.
    pub key: String,
    /// Counts its versions; the highest is in force.
    pub version: i32,
    /// What people call it.
    pub title: String,
    /// Where its text is.
    pub url: String,
    /// Since when it is in force.
    pub published_at: DateTime<Utc>,
}

/// That somebody agreed, to which version, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// To what.
    pub agreement_key: String,
    /// To which version.
    pub version: i32,
    /// When.
    pub accepted_at: DateTime<Utc>,
}

/// The agreements in force that somebody has not accepted yet.
pub fn open_agreements<'a>(in_force: &'a [Agreement], consents: &[Consent]) -> Vec<&'a Agreement> {
    let is_accepted =
        |a: &Agreement| consents.iter().any(|c| c.agreement_key == a.key && c.version == a.version);
    in_force.iter().filter(|a| !is_accepted(a)).collect()
}
