use chrono::{DateTime, Utc};

use crate::ids::LocationId;
use crate::{Change, Event, EventKind, EventSubject, Name};

/// A place of work of an organization, for which requests are filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Unique ID.
    pub id: LocationId,
    /// The display name.
    pub name: Name,
    /// The postal address, if one is saved.
    pub address: Option<String>,
    /// While false, no new ticket can have it; existing tickets are unchanged.
    pub is_active: bool,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change.
    pub version: i64,
}

/// A change of a location; `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub struct LocationChange {
    /// A new name.
    pub name: Option<Name>,
    /// A new address; `Some(None)` clears it.
    pub address: Option<Option<String>>,
    /// Retires the location, or reactivates it.
    pub is_active: Option<bool>,
}

impl Location {
    /// A new active location.
    pub fn create(id: LocationId, name: Name, address: Option<String>, now: DateTime<Utc>) -> (Self, Event) {
        let event = Event::new(EventKind::LocationCreated, EventSubject::Location(id))
            .with(Change::set("name", name.as_str()));
        (Self { id, name, address, is_active: true, created_at: now, updated_at: now, version: 1 }, event)
    }

    /// The location after `change`, and the event that records it; `None` if nothing changes.
    pub fn update(&self, change: LocationChange, now: DateTime<Utc>) -> Option<(Self, Event)> {
        let name = change.name.unwrap_or_else(|| self.name.clone());
        let address = change.address.unwrap_or_else(|| self.address.clone());
        let is_active = change.is_active.unwrap_or(self.is_active);
        let event = Event::new(EventKind::LocationUpdated, EventSubject::Location(self.id))
            .with_if_changed("name", Some(self.name.as_str()), Some(name.as_str()))
            .with_if_changed("address", self.address.as_deref(), address.as_deref())
            .with_if_changed("is_active", Some(&self.is_active.to_string()), Some(&is_active.to_string()));
        event
            .has_changes()
            .then(|| (Self { name, address, is_active, updated_at: now, ..self.clone() }, event))
    }
}
