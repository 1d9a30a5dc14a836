use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::UserId;

/// An optional field of a profile that its owner may hide from support staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrivateField {
    /// The telephone number.
    Phone,
    /// The pronouns.
    Pronouns,
    /// The text about the person.
    About,
    /// The preferred language.
    Locale,
    /// The time zone.
    TimeZone,
}

impl PrivateField {
    /// All values.
    pub const ALL: [Self; 5] = [Self::Phone, Self::Pronouns, Self::About, Self::Locale, Self::TimeZone];

    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Pronouns => "pronouns",
            Self::About => "about",
            Self::Locale => "locale",
            Self::TimeZone => "time_zone",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == word)
    }
}

/// Optional personal data beside name and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The account.
    pub user_id: UserId,
    /// A telephone number.
    pub phone: Option<String>,
    /// The pronouns.
    pub pronouns: Option<String>,
    /// A short text about the person.
    pub about: Option<String>,
    /// The fields that support staff see only with a recorded reason (S001-26).
    pub private: BTreeSet<PrivateField>,
    /// Time at which phone and about were first both set (S001-1).
    pub completed_at: Option<DateTime<Utc>>,
}

impl Profile {
    /// The profile of a person who has set nothing yet.
    pub fn empty(user_id: UserId) -> Self {
        Self {
            user_id,
            phone: None,
            pronouns: None,
            about: None,
            private: BTreeSet::new(),
            completed_at: None,
        }
    }

    /// The same, with `completed_at` set once it is complete.
    #[must_use]
    pub fn dated(self, now: DateTime<Utc>) -> Self {
        let is_complete = self.phone.is_some() && self.about.is_some();
        let completed_at = self.completed_at.or(is_complete.then_some(now));
        Self { completed_at, ..self }
    }

    /// Whether staff see a field; with an override they see every field.
    pub fn shows(&self, field: PrivateField, is_overridden: bool) -> bool {
        is_overridden || !self.private.contains(&field)
    }
}

/// How long a recorded access covers further ones: viewing an account, or a list with it, is recorded once
/// within this time (S001-45).
pub const ACCESS_RECORD_INTERVAL: TimeDelta = TimeDelta::days(1);

/// A stage of a person's life cycle (S001-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LifecycleStage {
    /// The person was invited.
    Invited,
    /// The account exists, and its owner controls it.
    Registered,
    /// Its address is confirmed.
    Verified,
    /// The profile is filled in.
    ProfileComplete,
    /// The person filed a request or sent a message.
    Participating,
    /// A request of the person was resolved.
    Supported,
}

impl LifecycleStage {
    /// The identifier in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Registered => "registered",
            Self::Verified => "verified",
            Self::ProfileComplete => "profile_complete",
            Self::Participating => "participating",
            Self::Supported => "supported",
        }
    }
}

/// When each stage was reached; `None` if it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Milestones {
    /// The account was created.
    pub created_at: DateTime<Utc>,
    /// [`crate::Account::invited_at`].
    pub invited_at: Option<DateTime<Utc>>,
    /// The address was confirmed.
    pub verified_at: Option<DateTime<Utc>>,
    /// The profile became complete.
    pub profile_completed_at: Option<DateTime<Utc>>,
    /// The first request was filed.
    pub first_request_at: Option<DateTime<Utc>>,
    /// The first request was resolved.
    pub first_solved_at: Option<DateTime<Utc>>,
}

impl Milestones {
    /// The stages that were reached, in order, each with its time. The last one is the current stage.
    pub fn stages(&self) -> Vec<(LifecycleStage, DateTime<Utc>)> {
        use LifecycleStage as Stage;
        // The owner of an account that staff created registers by setting it up, which also proves the
        // address.
        let is_made_by_others = self.invited_at == Some(self.created_at);
        let registered_at = if is_made_by_others { self.verified_at } else { Some(self.created_at) };
        let all = [
            (Stage::Invited, self.invited_at),
            (Stage::Registered, registered_at),
            (Stage::Verified, self.verified_at),
            (Stage::ProfileComplete, self.profile_completed_at),
            (Stage::Participating, self.first_request_at),
            (Stage::Supported, self.first_solved_at),
        ];
        all.into_iter().filter_map(|(stage, at)| Some((stage, at?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn s001_1_a_profile_is_complete_once() {
        let day = |n| DateTime::UNIX_EPOCH + chrono::TimeDelta::days(n);
        let phone = Some("+1 555 0100".to_owned());
        let half = Profile { phone, ..Profile::empty(UserId(Uuid::nil())) }.dated(day(1));
        assert_eq!(half.completed_at, None);
        let full = Profile { about: Some("Works nights".into()), ..half }.dated(day(2));
        assert_eq!(full.clone().dated(day(3)).completed_at, Some(day(2)));
        assert_eq!(Profile { about: None, ..full }.dated(day(4)).completed_at, Some(day(2)));
    }

    #[test]
    fn s001_1_the_first_stage_is_an_invitation_or_a_registration() {
        let day = |n| DateTime::UNIX_EPOCH + chrono::TimeDelta::days(n);
        let stages = |created_at, invited_at, verified_at| {
            let milestones = Milestones {
                created_at,
                invited_at,
                verified_at,
                profile_completed_at: None,
                first_request_at: None,
                first_solved_at: None,
            };
            milestones.stages().into_iter().map(|(stage, at)| (stage.as_str(), at)).collect::<Vec<_>>()
        };
        let by_registration = [("registered", day(2)), ("verified", day(3))];
        assert_eq!(stages(day(2), None, Some(day(3))), by_registration);
        let by_invitation = [("invited", day(1)), ("registered", day(2)), ("verified", day(3))];
        assert_eq!(stages(day(2), Some(day(1)), Some(day(3))), by_invitation);
        assert_eq!(stages(day(2), Some(day(2)), None), [("invited", day(2))]);
        let taken_over = [("invited", day(2)), ("registered", day(3)), ("verified", day(3))];
        assert_eq!(stages(day(2), Some(day(2)), Some(day(3))), taken_over);
    }

    #[test]
    fn s001_26_private_fields_are_shown_only_with_an_override() {
        let private = BTreeSet::from([PrivateField::Phone]);
        let profile = Profile { private, ..Profile::empty(UserId(Uuid::nil())) };
        assert!(!profile.shows(PrivateField::Phone, false) && profile.shows(PrivateField::Phone, true));
        assert!(profile.shows(PrivateField::About, false));
    }
}
