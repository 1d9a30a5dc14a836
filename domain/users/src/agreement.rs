use chrono::{DateTime, Utc};

/// A version of an agreement that users accept, such as the terms of use (S001-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its key, such as `terms_of_use`.
    pub key: String,
    /// Number of the version; the highest one is in force.
    pub version: i32,
    /// The display name.
    pub title: String,
    /// Link to its text.
    pub url: String,
    /// Time since which it is in force.
    pub published_at: DateTime<Utc>,
}

/// A user's acceptance of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The agreement.
    pub agreement_key: String,
    /// The version.
    pub version: i32,
    /// Time of the acceptance.
    pub accepted_at: DateTime<Utc>,
}

/// The agreements in force that a user has not accepted yet.
pub fn open_agreements<'a>(in_force: &'a [Agreement], consents: &[Consent]) -> Vec<&'a Agreement> {
    let is_accepted =
        |a: &Agreement| consents.iter().any(|c| c.agreement_key == a.key && c.version == a.version);
    in_force.iter().filter(|a| !is_accepted(a)).collect()
}
