use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Change, Event, EventSubject, LocationId};
use thiserror::Error;
use users::UserId;
use uuid::Uuid;

use crate::change_membership::{within_own_reach, within_own_rights, within_reach};
use crate::{Actor, Forbidden, Membership, MembershipRefused, Permission, Role, RoleKey};

/// Identifies a request for a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermissionRequestId(pub Uuid);

/// What somebody wants to be, or to be allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A role.
    Role(RoleKey),
    /// A permission, by whichever role the reviewer finds right.
    Permission(Permission),
}

/// What a reviewer has to have done, and says, whichever way it goes (S000-18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// How the person was made sure of.
    pub identity_check: String,
    /// Whom the reviewer asked.
    pub consulted: String,
    /// Why it is granted or denied.
    pub explanation: String,
}

/// What was decided; it never changes (S000-19).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionDecision {
    /// The role that was given; `None`: denied.
    pub role: Option<RoleKey>,
    /// What the reviewer says.
    pub review: Review,
    /// Who decided.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// A wish for more rights (S000-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRequest {
    /// Its identity.
    pub id: PermissionRequestId,
    /// Who wants it.
    pub user_id: UserId,
    /// What.
    pub wanted: Wanted,
    /// The locations that it is for; none: those that he has.
    pub locations: BTreeSet<LocationId>,
    /// Why, in the person's words.
    pub justification: String,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// What was decided.
    pub decision: Option<PermissionDecision>,
    /// Counts its changes.
    pub version: i64,
}

/// Why a wish is not noted, or not decided.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PermissionRequestRefused {
    /// The reviewer may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is nothing to ask for.
    #[error("you have this already")]
    AlreadyHeld,
    /// Nobody decides on his own wish.
    #[error("nobody decides on his own request")]
    OwnRequest,
    /// It was decided.
    #[error("the request was decided")]
    Decided,
    /// A wish for a permission is granted by a role that has it.
    #[error("name a role that grants what is wanted")]
    RoleMissing,
    /// Whoever works on some locations gives no others.
    #[error("the member would work on requests of locations that you don't work on")]
    LocationsBeyondReach,
    /// There is no such role, or it is above the reviewer's own rights.
    #[error(transparent)]
    Role(MembershipRefused),
}

impl PermissionRequest {
    /// A new wish, and the event that tells it.
    pub fn ask(
        id: PermissionRequestId,
        by: &Actor,
        held: &BTreeSet<RoleKey>,
        wish: (Wanted, BTreeSet<LocationId>),
        justification: String,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), PermissionRequestRefused> {
        let (wanted, locations) = wish;
        let is_held = match &wanted {
            Wanted::Role(key) => held.contains(key),
            Wanted::Permission(permission) => by.holds(*permission),
        };
        if is_held && locations.is_subset(&by.locations) {
            return Err(PermissionRequestRefused::AlreadyHeld);
        }
        let user_id = by.user_id;
        let (requested_at, decision) = (now, None);
        let request =
            Self { id, user_id, wanted, locations, justification, requested_at, decision, version: 1 };
        let event = request.told("permission_requested");
        Ok((request, event))
    }

    /// The wish fulfilled, the membership with the role, and the events that tell both.
    pub fn grant(
        &self,
        by: &Actor,
        review: Review,
        role: Option<RoleKey>,
        member: &Membership,
        roles: &[Role],
        now: DateTime<Utc>,
    ) -> Result<(Self, Membership, [Event; 2]), PermissionRequestRefused> {
        self.may_be_decided(by)?;
        let key = match (&self.wanted, role) {
            (Wanted::Role(key), None) => key.clone(),
            (Wanted::Role(wanted), Some(key)) if key == *wanted => key,
            (Wanted::Permission(permission), Some(key)) if grants(roles, &key, *permission) => key,
            _ => return Err(PermissionRequestRefused::RoleMissing),
        };
        within_own_rights(by, &BTreeSet::from([key.clone()]), roles)
            .map_err(PermissionRequestRefused::Role)?;
        within_reach(by, &self.locations).map_err(|_| PermissionRequestRefused::LocationsBeyondReach)?;
        let mut after = Membership { updated_at: now, ..member.clone() };
        after.roles.insert(key.clone());
        after.locations.extend(&self.locations);
        within_own_reach(by, &after, roles).map_err(|_| PermissionRequestRefused::LocationsBeyondReach)?;
        let changed = member.told_until(&after);
        let decided = self.decided(by, review, Some(key), now);
        let told = decided.told("permission_granted");
        Ok((decided, after, [told, changed]))
    }

    /// The wish denied, and the event that tells it.
    pub fn deny(
        &self,
        by: &Actor,
        review: Review,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), PermissionRequestRefused> {
        self.may_be_decided(by)?;
        let decided = self.decided(by, review, None, now);
        let told = decided.told("permission_denied");
        Ok((decided, told))
    }

    /// Whether this member may decide on it now.
    pub fn may_be_decided(&self, by: &Actor) -> Result<(), PermissionRequestRefused> {
        by.require(Permission::DecidePermissionRequests)?;
        match self {
            _ if by.user_id == self.user_id => Err(PermissionRequestRefused::OwnRequest),
            Self { decision: Some(_), .. } => Err(PermissionRequestRefused::Decided),
            _ => Ok(()),
        }
    }

    fn decided(&self, by: &Actor, review: Review, role: Option<RoleKey>, now: DateTime<Utc>) -> Self {
        let decision = PermissionDecision { role, review, by: by.user_id, at: now };
        Self { decision: Some(decision), ..self.clone() }
    }

    fn told(&self, what: &'static str) -> Event {
        let wanted = match &self.wanted {
            Wanted::Role(key) => Change::set("role", key.as_str()),
            Wanted::Permission(permission) => Change::set("permission", permission.as_str()),
        };
        Event::new(what, EventSubject::Other("permission_request", self.id.0)).with(wanted)
    }
}

fn grants(roles: &[Role], key: &RoleKey, permission: Permission) -> bool {
    roles.iter().any(|role| role.key == *key && role.grants.contains(&permission))
}
