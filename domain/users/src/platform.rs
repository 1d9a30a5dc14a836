use chrono::{DateTime, Utc};

/// What holds for accounts in the whole platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformSettings {
    /// Whether registering takes an invitation (S001-3).
    pub requires_invitation: bool,
    /// The language of whoever names none, a BCP 47 tag.
    pub default_locale: String,
    /// IANA name of the time zone of whoever names none.
    pub time_zone: String,
    /// Days between a wish to be deleted and the deletion, 0 to 90 (S000-15).
    pub grace_days: i32,
    /// Whether platform roles count only with two-factor log-in.
    pub requires_two_factor: bool,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
}
