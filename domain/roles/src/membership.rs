use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::LocationId;
use users::{Suspension, UserId};

use crate::{RoleKey, UnclaimedIdentity};

/// Which requests a staff member works on (R14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketReach {
    /// All requests of the organization.
    Organization,
    /// Those of the member's locations (S004-19).
    Locations,
}

impl TicketReach {
    /// The identifier in storage and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Locations => "locations",
        }
    }

    /// Parses an identifier; `None` if it is unknown.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Organization, Self::Locations].into_iter().find(|r| r.as_str() == word)
    }
}

/// The membership of an account in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The member's account.
    pub user_id: UserId,
    /// Keys of roles of the organization.
    pub roles: BTreeSet<RoleKey>,
    /// The locations that the member may file for (R14).
    pub locations: BTreeSet<LocationId>,
    /// Which requests the member works on, if they are staff.
    pub reach: TicketReach,
    /// Reason and end of the suspension; `None` if the membership is not suspended.
    pub suspension: Option<Suspension>,
    /// Set while the membership is unclaimed: what the organization entered, and sees instead of the account
    /// (R15).
    pub unclaimed_identity: Option<UnclaimedIdentity>,
    /// Time at which the membership began.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}

impl Membership {
    /// Whether the membership is not suspended.
    pub fn is_active(&self) -> bool {
        self.suspension.is_none()
    }

    /// Whether the member is an owner, suspended or not.
    pub fn is_owner(&self) -> bool {
        self.roles.iter().any(RoleKey::is_owner)
    }

    /// Whether the member is an effective owner: not suspended, and the membership is claimed.
    pub fn is_active_owner(&self) -> bool {
        self.is_active() && self.is_owner() && self.unclaimed_identity.is_none()
    }

    /// The membership as it is effective at this moment: without a suspension that has ended.
    #[must_use]
    pub fn as_of(&self, now: DateTime<Utc>) -> Self {
        let suspension = self.suspension.clone().filter(|s| s.until.is_none_or(|until| now < until));
        Self { suspension, ..self.clone() }
    }
}
