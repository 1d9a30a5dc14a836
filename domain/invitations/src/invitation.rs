use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use orgs::{LocationId, OrgId};
use roles::{PlatformRole, RoleKey};
use users::{EmailAddress, UserId};
use uuid::Uuid;

/// Identifies an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvitationId(pub Uuid);

/// What somebody is invited to become.
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

/// What was decided of an invitation. That it expired or waits for its inviter is not kept but follows from the time and
/// the inviter's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The invited person came in.
    Accepted(UserId, DateTime<Utc>),
    /// The invited person does not want to.
    Declined(DateTime<Utc>),
    /// Somebody took it back.
    Revoked(DateTime<Utc>),
}

/// An invitation of one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its identity.
    pub id: InvitationId,
    /// Who is invited; the account that accepts must have this address.
    pub email: EmailAddress,
    /// To what.
    pub offer: Offer,
    /// The language of its mail, a BCP 47 tag.
    pub locale: String,
    /// From when it can be accepted.
    pub valid_from: DateTime<Utc>,
    /// Until when, this instant excluded.
    pub valid_until: DateTime<Utc>,
    /// A few words to the invited person.
    pub greeting: Option<String>,
    /// What it is for, for staff only.
    pub purpose: Option<String>,
    /// Whatever else the organization wants to keep with it, by name.
    pub extra: BTreeMap<String, String>,
    /// Who invited.
    pub inviter: UserId,
    /// Counts its codes: a new one makes the codes before it dead.
    pub generation: i32,
    /// When it was last mailed.
    pub last_sent_at: DateTime<Utc>,
    /// Others that were made in the same call share this.
    pub batch: Option<Uuid>,
    /// Who registered with its code, and accepts it by confirming the address.
    pub claimed_by: Option<UserId>,
    /// When its end was brought to mind.
    pub reminded_at: Option<DateTime<Utc>>,
    /// The request that was opened because the membership differed from it (S001-48).
    pub follow_up: Option<Uuid>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i64,
}

impl Invitation {
    /// The organization it is for; `None`: the platform.
    pub fn org(&self) -> Option<OrgId> {
        match &self.offer {
            Offer::Platform(_) => None,
            Offer::Membership { org, .. } => Some(*org),
        }
    }

    /// When it was accepted, if it was.
    pub fn accepted_at(&self) -> Option<DateTime<Utc>> {
        match self.decision {
            Some(Decision::Accepted(_, at)) => Some(at),
            _ => None,
        }
    }

    /// Whether it may be deleted for good: what was accepted or declined is kept (S001-11).
    pub fn may_be_deleted(&self) -> bool {
        !matches!(self.decision, Some(Decision::Accepted(..) | Decision::Declined(_)))
    }
}
