use chrono::{DateTime, Utc};

use crate::ids::OrgId;
use crate::{Change, Event, EventKind, EventSubject, JoiningMode, Name, Slug, TicketOpeners};

/// A tenant: a clinic, community or research hub with members and requests of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Unique ID.
    pub id: OrgId,
    /// The display name.
    pub name: Name,
    /// Its short name in links.
    pub slug: Slug,
    /// While false, no member can log in to it; its data is unchanged (S003-6).
    pub is_active: bool,
    /// How people join it (S000-20).
    pub joining_mode: JoiningMode,
    /// Whose requests go to staff at once (S002-22).
    pub ticket_openers: TicketOpeners,
    /// Days from a deletion request to the deletion of an account that it manages, 0 to 90; `None`: those of
    /// the platform (S000-15).
    pub grace_days: Option<i32>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Time of the last change (S003-29).
    pub updated_at: DateTime<Utc>,
    /// Incremented with each change; guards against lost updates.
    pub version: i64,
}

/// A change of an organization; `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub struct OrgChange {
    /// A new name.
    pub name: Option<Name>,
    /// Deactivates the organization, or reactivates it.
    pub is_active: Option<bool>,
    /// How people join it.
    pub joining_mode: Option<JoiningMode>,
    /// Whose requests go to staff at once. Requests that are pending approval are not affected.
    pub ticket_openers: Option<TicketOpeners>,
    /// Days from a deletion request to the deletion, for later requests; `Some(None)`: those of the platform.
    pub grace_days: Option<Option<i32>>,
}

impl Organization {
    /// A new, active organization that people join by invitation, and whose members open requests.
    pub fn create(id: OrgId, name: Name, slug: Slug, now: DateTime<Utc>) -> (Self, Event) {
        let event = Event::new(EventKind::OrgCreated, EventSubject::Organization(id))
            .with(Change::set("name", name.as_str()))
            .with(Change::set("slug", slug.as_str()));
        let org = Self {
            id,
            name,
            slug,
            is_active: true,
            joining_mode: JoiningMode::InvitationOnly,
            ticket_openers: TicketOpeners::Members,
            grace_days: None,
            created_at: now,
            updated_at: now,
            version: 1,
        };
        (org, event)
    }

    /// The organization after `change`, and the event that records it; `None` if nothing changes.
    pub fn update(&self, change: OrgChange, now: DateTime<Utc>) -> Option<(Self, Event)> {
        let name = change.name.unwrap_or_else(|| self.name.clone());
        let is_active = change.is_active.unwrap_or(self.is_active);
        let joining_mode = change.joining_mode.unwrap_or(self.joining_mode);
        let ticket_openers = change.ticket_openers.unwrap_or(self.ticket_openers);
        let grace_days = change.grace_days.unwrap_or(self.grace_days);
        let days = |days: Option<i32>| days.map(|days| days.to_string());
        let event = Event::new(EventKind::OrgUpdated, EventSubject::Organization(self.id))
            .with_if_changed("name", Some(self.name.as_str()), Some(name.as_str()))
            .with_if_changed("is_active", Some(&self.is_active.to_string()), Some(&is_active.to_string()))
            .with_if_changed("joining_mode", Some(self.joining_mode.as_str()), Some(joining_mode.as_str()))
            .with_if_changed(
                "ticket_openers",
                Some(self.ticket_openers.as_str()),
                Some(ticket_openers.as_str()),
            )
            .with_if_changed("grace_days", days(self.grace_days).as_deref(), days(grace_days).as_deref());
        let after = Self {
            name,
            is_active,
            joining_mode,
            ticket_openers,
            grace_days,
            updated_at: now,
            ..self.clone()
        };
        event.has_changes().then_some((after, event))
    }
}
