use chrono::{DateTime, Utc};

/// Settings of the whole platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformSettings {
    /// Whether registration requires an invitation (S001-3).
    pub requires_invitation: bool,
    /// The default language, a BCP 47 tag.
    pub default_locale: String,
    /// The default time zone, an IANA name.
    pub time_zone: String,
    /// Days from a deletion request to the deletion, 0 to 90 (S000-15).
    pub grace_days: i32,
    /// Whether platform roles are effective only with two-factor log-in.
    pub requires_two_factor: bool,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}
