use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::LocationId;
use users::{Suspension, UserId};

use crate::{Introduction, RoleKey};

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
    /// Why he doesn't get in, and until when.
    pub suspension: Option<Suspension>,
    /// What the organization was told of him and knows instead of his account, until he comes himself (R15).
    pub introduction: Option<Introduction>,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
}

impl Membership {
    /// Whether he gets in.
    pub fn is_active(&self) -> bool {
        self.suspension.is_none()
    }

    /// Whether he is an owner, suspended or not.
    pub fn is_owner(&self) -> bool {
        self.roles.iter().any(RoleKey::is_owner)
    }

    /// Whether he counts as an owner who can look after the organization: one who has come.
    pub fn is_active_owner(&self) -> bool {
        self.is_active() && self.is_owner() && self.introduction.is_none()
    }

    /// The membership as it counts at this moment: a suspension whose end has passed has lifted.
    #[must_use]
    pub fn as_of(&self, now: DateTime<Utc>) -> Self {
        let suspension = self.suspension.clone().filter(|s| s.until.is_none_or(|until| now < until));
        Self { suspension, ..self.clone() }
    }
}
