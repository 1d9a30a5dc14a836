use application::clock::instant;
use serde::Serialize;
use users::PlatformSettings;
use utoipa::ToSchema;

/// The settings of the platform.
#[derive(Serialize, ToSchema)]
#[schema(as = PlatformSettings, example = json!({"requires_invitation": true, "default_locale": "en", "time_zone": "UTC", "grace_days": 30, "requires_two_factor": false, "updated_at": "2026-11-22T14:05:00.000000Z"}))]
pub(crate) struct PlatformBody {
    /// Whether registration requires an invitation.
    requires_invitation: bool,
    /// The default language, a BCP 47 tag.
    default_locale: String,
    /// IANA name of the default time zone.
    time_zone: String,
    /// Days between scheduling a deletion and the deletion.
    grace_days: i32,
    /// Whether platform roles allow nothing until their holder logs in with two factors.
    requires_two_factor: bool,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

impl From<&PlatformSettings> for PlatformBody {
    fn from(platform: &PlatformSettings) -> Self {
        Self {
            requires_invitation: platform.requires_invitation,
            default_locale: platform.default_locale.clone(),
            time_zone: platform.time_zone.clone(),
            grace_days: platform.grace_days,
            requires_two_factor: platform.requires_two_factor,
            updated_at: instant(platform.updated_at),
        }
    }
}
