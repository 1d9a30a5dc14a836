use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use orgs::{Change, Event, EventKind, EventSubject, Name};
use thiserror::Error;
use uuid::Uuid;

use crate::{Actor, Forbidden, Permission, Role, RoleKey};

/// Why the grants of a role are not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RoleChangeRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// `owner` always holds every permission (R12).
    #[error("the role `owner` always holds every permission")]
    OwnerIsFixed,
    /// The actor grants or revokes a permission that they lack.
    #[error("you cannot grant or remove a permission that you do not hold")]
    AboveOwnPermissions,
    /// A seeded role keeps its name and cannot be deleted (R12).
    #[error("this role is the same in every organization; clone it instead")]
    Seeded,
    /// Members hold the role, or open invitations offer it.
    #[error("a member holds this role, or an open invitation offers it")]
    InUse,
}

impl Role {
    /// A new role of the organization, and the event that records it.
    pub fn create(
        by: &Actor,
        key: RoleKey,
        name: Name,
        grants: BTreeSet<Permission>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), RoleChangeRefused> {
        by.require(Permission::ManageRoles)?;
        if !grants.is_subset(&by.permissions) {
            return Err(RoleChangeRefused::AboveOwnPermissions);
        }
        let event =
            role_event(EventKind::RoleCreated, &key).with(Change::set("permissions", &words(&grants)));
        let name = name.as_str().to_owned();
        Ok((Self { key, name, grants, requires_two_factor: false, updated_at: now, version: 1 }, event))
    }

    /// The role with another name or two-factor requirement; `None` leaves a field unchanged.
    pub fn update(
        &self,
        by: &Actor,
        name: Option<&Name>,
        requires_two_factor: Option<bool>,
        now: DateTime<Utc>,
    ) -> Result<(Self, Event), RoleChangeRefused> {
        by.require(Permission::ManageRoles)?;
        if self.is_seeded() && name.is_some() {
            return Err(RoleChangeRefused::Seeded);
        }
        if requires_two_factor.is_some() && !self.grants.is_subset(&by.permissions) {
            return Err(RoleChangeRefused::AboveOwnPermissions);
        }
        let next = Self {
            name: name.map_or_else(|| self.name.clone(), |name| name.as_str().to_owned()),
            requires_two_factor: requires_two_factor.unwrap_or(self.requires_two_factor),
            updated_at: now,
            ..self.clone()
        };
        let word = |role: &Self| role.requires_two_factor.to_string();
        let event = role_event(EventKind::RoleUpdated, &self.key)
            .with_if_changed("name", Some(&self.name), Some(&next.name))
            .with_if_changed("requires_two_factor", Some(&word(self)), Some(&word(&next)));
        Ok((next, event))
    }

    /// Deletes a role that no member holds and no invitation offers, and returns the event that records it.
    pub fn delete(&self, by: &Actor, is_in_use: bool) -> Result<Event, RoleChangeRefused> {
        by.require(Permission::ManageRoles)?;
        match (self.is_seeded(), is_in_use) {
            (true, _) => Err(RoleChangeRefused::Seeded),
            (_, true) => Err(RoleChangeRefused::InUse),
            _ if !self.grants.is_subset(&by.permissions) => Err(RoleChangeRefused::AboveOwnPermissions),
            _ => Ok(role_event(EventKind::RoleDeleted, &self.key)),
        }
    }

    /// The role with exactly these grants, and the event that records it.
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
            return Err(RoleChangeRefused::AboveOwnPermissions);
        }
        let event = role_event(EventKind::RolePermissionsReplaced, &self.key).with_if_changed(
            "permissions",
            Some(&words(&self.grants)),
            Some(&words(&grants)),
        );
        Ok((Self { grants, updated_at: now, ..self.clone() }, event))
    }
}

/// A role has no id: its event names it by its key.
fn role_event(what: EventKind, key: &RoleKey) -> Event {
    let key = Some(key.as_str().to_owned());
    Event::new(what, EventSubject::Other("role", Uuid::nil())).with(Change {
        field: "role",
        from: key.clone(),
        to: key,
    })
}

fn words(grants: &BTreeSet<Permission>) -> String {
    grants.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(",")
}
