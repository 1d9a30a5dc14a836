use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Change, Event, EventSubject, Name, Slug};

/// Identifies an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrgId(pub Uuid);

/// A tenant: a clinic, community or research hub with members and requests of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its identity.
    pub id: OrgId,
    /// What people call it.
    pub name: Name,
    /// Its short name in links.
    pub slug: Slug,
    /// While false, no member gets in; the data stays (S003-6).
    pub is_active: bool,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed (S003-29).
    pub updated_at: DateTime<Utc>,
    /// Counts its changes; guards against lost updates.
    pub version: i64,
}

/// What may be changed of an organization; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct OrgChange {
    /// A new name.
    pub name: Option<Name>,
    /// Switches the organization off or on again.
    pub is_active: Option<bool>,
}

impl Organization {
    /// A new, active organization.
    pub fn create(id: OrgId, name: Name, slug: Slug, now: DateTime<Utc>) -> (Self, Event) {
        let event = Event::new("org_created", EventSubject::Organization(id))
            .with(Change::set("name", name.as_str()))
            .with(Change::set("slug", slug.as_str()));
        (Self { id, name, slug, is_active: true, created_at: now, updated_at: now, version: 1 }, event)
    }

    /// The organization after `change`, and the event that tells it; `None` when nothing differs.
    pub fn update(&self, change: OrgChange, now: DateTime<Utc>) -> Option<(Self, Event)> {
        let name = change.name.unwrap_or_else(|| self.name.clone());
        let is_active = change.is_active.unwrap_or(self.is_active);
        let event = Event::new("org_updated", EventSubject::Organization(self.id))
            .with_if_changed("name", Some(self.name.as_str()), Some(name.as_str()))
            .with_if_changed("is_active", Some(&self.is_active.to_string()), Some(&is_active.to_string()));
        event.tells_something().then(|| (Self { name, is_active, updated_at: now, ..self.clone() }, event))
    }
}
