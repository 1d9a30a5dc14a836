use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use orgs::{LocationId, OrgId};
use roles::{PlatformRole, RoleKey};
use users::{EmailAddress, UserId};
use uuid::Uuid;

/// Identifies an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvitationId(pub Uuid);

/// What an invitation offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// A user of the platform, perhaps with a platform role.
    Platform(Option<PlatformRole>),
    /// A member of an organization, with these roles, at these locations.
    Membership {
        /// The organization.
        org: OrgId,
        /// The roles.
        roles: BTreeSet<RoleKey>,
        /// The locations that the member may file for.
        locations: BTreeSet<LocationId>,
    },
}

/// The decision on an invitation. Expiry and suspension are not saved: they follow from the time and the
/// inviter's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The invited person accepted it.
    Accepted(UserId, DateTime<Utc>),
    /// The invited person declined it.
    Declined(DateTime<Utc>),
    /// The inviter or other staff revoked it.
    Revoked(DateTime<Utc>),
}

/// An invitation to one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Unique ID.
    pub id: InvitationId,
    /// The invited address. The account that accepts must have it.
    pub email: EmailAddress,
    /// What it offers.
    pub offer: Offer,
    /// The language of its mail, a BCP 47 tag.
    pub locale: String,
    /// It can be accepted from this time on.
    pub valid_from: DateTime<Utc>,
    /// It can be accepted before this time.
    pub valid_until: DateTime<Utc>,
    /// A greeting that the mail contains.
    pub greeting: Option<String>,
    /// Its purpose, for staff only.
    pub purpose: Option<String>,
    /// Further fields of the organization, by name.
    pub extra: BTreeMap<String, String>,
    /// The inviter.
    pub inviter: UserId,
    /// Number of codes so far: a new code invalidates the earlier ones.
    pub generation: i32,
    /// Time of the last mail.
    pub last_sent_at: DateTime<Utc>,
    /// Shared by all invitations of one batch call.
    pub batch: Option<Uuid>,
    /// The account that registered with its code, and accepts it by confirming the address.
    pub claimed_by: Option<UserId>,
    /// Time of the reminder that it ends soon.
    pub reminded_at: Option<DateTime<Utc>>,
    /// The ticket that was opened because the membership differed from the offer (S001-48).
    pub follow_up: Option<Uuid>,
    /// The decision; `None` while there is none.
    pub decision: Option<Decision>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}

impl Invitation {
    /// The organization; `None`: the platform.
    pub fn org(&self) -> Option<OrgId> {
        match &self.offer {
            Offer::Platform(_) => None,
            Offer::Membership { org, .. } => Some(*org),
        }
    }

    /// Time at which it was accepted.
    pub fn accepted_at(&self) -> Option<DateTime<Utc>> {
        match self.decision {
            Some(Decision::Accepted(_, at)) => Some(at),
            _ => None,
        }
    }

    /// Whether it may be deleted permanently: not if it was accepted or declined (S001-11).
    pub fn may_be_deleted(&self) -> bool {
        !matches!(self.decision, Some(Decision::Accepted(..) | Decision::Declined(_)))
    }
}
