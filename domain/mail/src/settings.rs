use chrono::{DateTime, Utc};

use crate::Branding;

/// The mail settings of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// The language for recipients without their own, a BCP 47 tag (S000-51).
    pub default_locale: String,
    /// The time zone for recipients without their own, an IANA name.
    pub time_zone: String,
    /// Appearance and signature.
    pub branding: Branding,
    /// Time of the last change; `None`: these are the defaults.
    pub updated_at: Option<DateTime<Utc>>,
    /// Incremented with each change.
    pub version: i64,
}

impl MailSettings {
    /// The defaults of an organization: the language and the time zone of the platform (S001-16).
    pub fn of(name: &str, default_locale: String, time_zone: String) -> Self {
        Self { default_locale, time_zone, branding: Branding::of(name), updated_at: None, version: 0 }
    }
}
