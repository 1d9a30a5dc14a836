use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Event, EventSubject};
use thiserror::Error;
use uuid::Uuid;

use crate::{Actor, Forbidden, Permission, Role};

/// Why the grants of a role stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RoleChangeRefused {
    /// The actor may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// `owner` always holds every permission (R12).
    #[error("the role `owner` always holds every permission")]
    OwnerIsFixed,
    /// Nobody grants, or takes, what he doesn't hold.
    #[error("nobody grants or takes a permission that he does not hold")]
    AboveOwnGrants,
}

impl Role {
    /// The role with exactly these grants, and the event that tells it.
    pub fn replace_grants(
        &self,
        by: &Actor,
        grants: BTreeSet<Permission>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), RoleChangeRefused> {
        by.require(Permission::ManageRoles)?;
        if self.key.is_owner() && grants != BTreeSet::from(Permission::ALL) {
            return Err(RoleChangeRefused::OwnerIsFixed);
        }
        if self.grants.symmetric_difference(&grants).any(|p| !by.holds(*p)) {
            return Err(RoleChangeRefused::AboveOwnGrants);
        }
        let event = Event::new("role_permissions_replaced", EventSubject::Other("role", Uuid::nil()))
            .with(orgs::Change {
                field: "role",
                from: Some(self.key.as_str().into()),
                to: Some(self.key.as_str().into()),
            })
            .with_if_changed("permissions", Some(&words(&self.grants)), Some(&words(&grants)));
        Ok((Self { grants, updated_at: now, ..self.clone() }, event))
    }
}

fn words(grants: &BTreeSet<Permission>) -> String {
    grants.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(",")
}
