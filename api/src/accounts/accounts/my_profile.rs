use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use users::Profile;
use utoipa::ToSchema;

/// Something that a person may keep from support staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PrivateField {
    Phone,
    Pronouns,
    About,
    Locale,
    TimeZone,
}

impl From<PrivateField> for users::PrivateField {
    fn from(word: PrivateField) -> Self {
        match word {
            PrivateField::Phone => Self::Phone,
            PrivateField::Pronouns => Self::Pronouns,
            PrivateField::About => Self::About,
            PrivateField::Locale => Self::Locale,
            PrivateField::TimeZone => Self::TimeZone,
        }
    }
}

impl From<users::PrivateField> for PrivateField {
    fn from(field: users::PrivateField) -> Self {
        match field {
            users::PrivateField::Phone => Self::Phone,
            users::PrivateField::Pronouns => Self::Pronouns,
            users::PrivateField::About => Self::About,
            users::PrivateField::Locale => Self::Locale,
            users::PrivateField::TimeZone => Self::TimeZone,
        }
    }
}

/// Your profile, and which of its values support staff see only with a reason.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"phone": "+1 555 0100", "pronouns": null, "about": "Works nights.", "private_fields": ["phone"]}))]
pub(crate) struct MyProfile {
    phone: Option<String>,
    pronouns: Option<String>,
    about: Option<String>,
    private_fields: Vec<PrivateField>,
}

impl From<&Profile> for MyProfile {
    fn from(profile: &Profile) -> Self {
        Self {
            phone: profile.phone.clone(),
            pronouns: profile.pronouns.clone(),
            about: profile.about.clone(),
            private_fields: profile.private.iter().map(|field| (*field).into()).collect(),
        }
    }
}

/// The fields, without duplicates.
pub(super) fn fields(sent: &[PrivateField]) -> BTreeSet<users::PrivateField> {
    sent.iter().map(|field| (*field).into()).collect()
}
