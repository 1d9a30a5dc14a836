use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::LocationId;
use users::UserId;

use crate::RoleKey;

/// Which requests a member of staff works on (R14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketReach {
    /// All of the organization.
    Organization,
    /// Those of the member's locations (S004-19).
    Locations,
}

impl TicketReach {
    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Locations => "locations",
        }
    }

    /// The reach that a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Organization, Self::Locations].into_iter().find(|r| r.as_str() == word)
    }
}

/// That a person belongs to an organization, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub roles: BTreeSet<RoleKey>,
    /// The locations he may file requests for (R14).
    pub locations: BTreeSet<LocationId>,
    /// Which requests he works on, if he is staff.
    pub reach: TicketReach,
    /// While false, he doesn't get in.
    pub is_active: bool,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
}

impl Membership {
    /// Whether he counts as an owner who can look after the organization.
    pub fn is_active_owner(&self) -> bool {
        self.is_active && self.roles.iter().any(RoleKey::is_owner)
    }
}
