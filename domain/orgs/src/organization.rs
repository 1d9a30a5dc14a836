use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Change, Event, EventSubject, JoiningMode, Name, Slug, TicketOpeners};

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
    /// How people come to belong to it (S000-20).
    pub joining_mode: JoiningMode,
    /// Whose requests go to staff at once (S002-22).
    pub ticket_openers: TicketOpeners,
    /// Days between the wish to be deleted and the deletion of an account that it looks after, 0 to 90; `None`: those of the
    /// platform (S000-15).
    pub grace_days: Option<i32>,
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
    /// How people come to belong to it from now on.
    pub joining_mode: Option<JoiningMode>,
    /// Whose requests go to staff at once from now on; those that wait go on waiting.
    pub ticket_openers: Option<TicketOpeners>,
    /// Days between the wish to be deleted and the deletion, for wishes from now on; `Some(None)`: those of the platform.
    pub grace_days: Option<Option<i32>>,
}

impl Organization {
    /// A new, active organization that people are invited to, and whose members file requests.
    pub fn create(id: OrgId, name: Name, slug: Slug, now: DateTime<Utc>) -> (Self, Event) {
        let event = Event::new("org_created", EventSubject::Organization(id))
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

    /// The organization after `change`, and the event that tells it; `None` when nothing differs.
    pub fn update(&self, change: OrgChange, now: DateTime<Utc>) -> Option<(Self, Event)> {
        let name = change.name.unwrap_or_else(|| self.name.clone());
        let is_active = change.is_active.unwrap_or(self.is_active);
        let joining_mode = change.joining_mode.unwrap_or(self.joining_mode);
        let ticket_openers = change.ticket_openers.unwrap_or(self.ticket_openers);
        let grace_days = change.grace_days.unwrap_or(self.grace_days);
        let days = |days: Option<i32>| days.map(|days| days.to_string());
        let event = Event::new("org_updated", EventSubject::Organization(self.id))
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
