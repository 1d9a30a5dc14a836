use serde::Serialize;
use users::Installation;
use utoipa::ToSchema;

use crate::words::instant;

/// What holds for accounts in the whole installation.
#[derive(Serialize, ToSchema)]
#[schema(as = Installation, example = json!({"requires_invitation": true, "default_locale": "en", "time_zone": "UTC", "grace_days": 30, "requires_two_factor": false, "updated_at": "2026-11-22T14:05:00.000000Z"}))]
pub(crate) struct InstallationBody {
    /// Whether registering takes an invitation.
    requires_invitation: bool,
    /// The language of whoever names none, a BCP 47 tag.
    default_locale: String,
    /// IANA name of the time zone of whoever names none.
    time_zone: String,
    /// Days between a wish to be deleted and the deletion.
    grace_days: i32,
    /// Whether platform roles allow nothing until their holder logs in with two factors.
    requires_two_factor: bool,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

impl From<&Installation> for InstallationBody {
    fn from(installation: &Installation) -> Self {
        Self {
            requires_invitation: installation.requires_invitation,
            default_locale: installation.default_locale.clone(),
            time_zone: installation.time_zone.clone(),
            grace_days: installation.grace_days,
            requires_two_factor: installation.requires_two_factor,
            updated_at: instant(installation.updated_at),
        }
    }
}
