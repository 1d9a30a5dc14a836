use chrono::{DateTime, Utc};

use crate::Branding;

/// How an organization's mail is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The language of whoever has no other, a BCP 47 tag (S000-51).
    pub default_locale: String,
    /// IANA name of the time zone in which times are told to whoever has no other.
    pub time_zone: String,
    /// How it looks, and who signs.
    pub branding: Branding,
    /// When it last changed; `None`: never, it is as it was at first.
    pub updated_at: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub version: i64,
}

impl MailSettings {
    /// What holds until somebody says otherwise: the language and the time zone of the platform (S001-16).
    pub fn of(name: &str, default_locale: String, time_zone: String) -> Self {
        Self { default_locale, time_zone, branding: Branding::of(name), updated_at: None, version: 0 }
    }
}
