//! What staff are shown of a person, and who was shown it.

mod diagnosis;
mod permissions;
mod profile;
mod profile_body;
mod reading;
mod records;

pub(crate) use diagnosis::{DataDiagnosis, LogInDiagnosis};
pub(crate) use permissions::{EffectivePermissions, EffectivePermissionsIn};
pub(crate) use profile::{ProfileQuery, ProfileSection, SectionRights};
pub(crate) use profile_body::ProfileBody;
pub(crate) use reading::{AccessKind, PurposeQuery, RecordQuery};
pub(crate) use records::{AccountEventPage, MailLogPage, Record, SupportHistoryPage};
