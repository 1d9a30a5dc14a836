use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Change, Event, EventKind, EventSubject, LocationId};
use thiserror::Error;
use users::UserId;
use uuid::Uuid;

use crate::change_membership::{within_own_reach, within_own_rights, within_reach};
use crate::{Actor, Forbidden, Membership, MembershipRefused, Permission, Role, RoleKey};

/// Identifies a request for a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermissionRequestId(pub Uuid);

/// What a permission request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requested {
    /// A role.
    Role(RoleKey),
    /// A permission; the reviewer chooses the role that grants it.
    Permission(Permission),
}

/// What a reviewer documents with each decision (S000-18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// How the identity of the requester was checked.
    pub identity_check: String,
    /// Who was consulted.
    pub consulted: String,
    /// The reason to grant or deny.
    pub explanation: String,
}

/// The decision, which is final (S000-19).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionDecision {
    /// The role that was granted; `None`: denied.
    pub role: Option<RoleKey>,
    /// The reviewer's documentation.
    pub review: Review,
    /// The reviewer.
    pub by: UserId,
    /// Time of the decision.
    pub at: DateTime<Utc>,
}

/// A request for more permissions (S000-17).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRequest {
    /// Unique ID.
    pub id: PermissionRequestId,
    /// The requester.
    pub user_id: UserId,
    /// The requested role or permission.
    pub wanted: Requested,
    /// The requested locations; none: the locations that the member has.
    pub locations: BTreeSet<LocationId>,
    /// The requester's reason.
    pub justification: String,
    /// Time of the request.
    pub requested_at: DateTime<Utc>,
    /// The decision; `None` while it is pending.
    pub decision: Option<PermissionDecision>,
    /// Incremented with each change.
    pub version: i64,
}

/// Why a request is refused, or not decided.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PermissionRequestRefused {
    /// The reviewer lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The requester holds the role or permission already.
    #[error("you already have this")]
    AlreadyHeld,
    /// Reviewers do not decide on their own request.
    #[error("you cannot decide on your own request")]
    OwnRequest,
    /// The request is decided.
    #[error("the request has already been decided")]
    Decided,
    /// A requested permission needs a role that grants it.
    #[error("name a role that grants the requested permission")]
    RoleMissing,
    /// The locations are beyond the reviewer's reach.
    #[error("the member would work on requests of locations outside your own scope")]
    LocationsBeyondReach,
    /// An unknown role, or one with more permissions than the reviewer's own.
    #[error(transparent)]
    Role(MembershipRefused),
}

impl PermissionRequest {
    /// A new request, and the event that records it.
    pub fn create(
        id: PermissionRequestId,
        by: &Actor,
        held: &BTreeSet<RoleKey>,
        wish: (Requested, BTreeSet<LocationId>),
        justification: String,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), PermissionRequestRefused> {
        let (wanted, locations) = wish;
        let is_held = match &wanted {
            Requested::Role(key) => held.contains(key),
            Requested::Permission(permission) => by.holds(*permission),
        };
        if is_held && locations.is_subset(&by.locations) {
            return Err(PermissionRequestRefused::AlreadyHeld);
        }
        let user_id = by.user_id;
        let (requested_at, decision) = (now, None);
        let request =
            Self { id, user_id, wanted, locations, justification, requested_at, decision, version: 1 };
        let event = request.event(EventKind::PermissionRequested);
        Ok((request, event))
    }

    /// The request granted, the membership with the role, and the events that record both.
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
            (Requested::Role(key), None) => key.clone(),
            (Requested::Role(wanted), Some(key)) if key == *wanted => key,
            (Requested::Permission(permission), Some(key)) if grants(roles, &key, *permission) => key,
            _ => return Err(PermissionRequestRefused::RoleMissing),
        };
        within_own_rights(by, &BTreeSet::from([key.clone()]), roles)
            .map_err(PermissionRequestRefused::Role)?;
        within_reach(by, &self.locations).map_err(|_| PermissionRequestRefused::LocationsBeyondReach)?;
        let mut after = Membership { updated_at: now, ..member.clone() };
        after.roles.insert(key.clone());
        after.locations.extend(&self.locations);
        within_own_reach(by, &after, roles).map_err(|_| PermissionRequestRefused::LocationsBeyondReach)?;
        let changed = member.change_event(&after);
        let decided = self.decided(by, review, Some(key), now);
        let event = decided.event(EventKind::PermissionGranted);
        Ok((decided, after, [event, changed]))
    }

    /// The request denied, and the event that records it.
    pub fn deny(
        &self,
        by: &Actor,
        review: Review,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), PermissionRequestRefused> {
        self.may_be_decided(by)?;
        let decided = self.decided(by, review, None, now);
        let event = decided.event(EventKind::PermissionDenied);
        Ok((decided, event))
    }

    /// Requires that this member may decide now.
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

    fn event(&self, what: EventKind) -> Event {
        let wanted = match &self.wanted {
            Requested::Role(key) => Change::set("role", key.as_str()),
            Requested::Permission(permission) => Change::set("permission", permission.as_str()),
        };
        Event::new(what, EventSubject::Other("permission_request", self.id.0)).with(wanted)
    }
}

fn grants(roles: &[Role], key: &RoleKey, permission: Permission) -> bool {
    roles.iter().any(|role| role.key == *key && role.grants.contains(&permission))
}
