use uuid::Uuid;

use crate::event_kind::EventKind;
use crate::ids::{LocationId, OrgId};

/// The subject of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSubject {
    /// The organization itself.
    Organization(OrgId),
    /// One of its locations.
    Location(LocationId),
    /// A subject of another crate: its kind in snake_case, and its id.
    Other(&'static str, Uuid),
}

impl EventSubject {
    /// The kind of subject, in snake_case.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::Location(_) => "location",
            Self::Other(kind, _) => kind,
        }
    }

    /// The id of the subject.
    pub fn id(self) -> Uuid {
        match self {
            Self::Organization(OrgId(id)) | Self::Location(LocationId(id)) | Self::Other(_, id) => id,
        }
    }
}

/// A field that an event changed. Never contains secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field, as it is named in the API.
    pub field: &'static str,
    /// The value before; `None` if it had none.
    pub from: Option<String>,
    /// The value after; `None` if it was cleared.
    pub to: Option<String>,
}

impl Change {
    /// A field that got its first value.
    pub fn set(field: &'static str, to: &str) -> Self {
        Self { field, from: None, to: Some(to.to_owned()) }
    }
}

/// An event in an organization. Events are recorded once and never changed.
///
/// The ticket history and the audit log are made of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The kind of event, which determines its audience.
    pub kind: EventKind,
    /// The subject.
    pub subject: EventSubject,
    /// Old and new values of the changed fields.
    pub changes: Vec<Change>,
}

impl Event {
    /// An event without changes yet.
    pub fn new(kind: EventKind, subject: EventSubject) -> Self {
        Self { kind, subject, changes: Vec::new() }
    }

    /// The event with one more change.
    pub fn with(mut self, change: Change) -> Self {
        self.changes.push(change);
        self
    }

    /// The event with the change of `field`, if there was one.
    pub fn with_if_changed(self, field: &'static str, from: Option<&str>, to: Option<&str>) -> Self {
        if from == to {
            return self;
        }
        self.with(Change { field, from: from.map(str::to_owned), to: to.map(str::to_owned) })
    }

    /// Whether any field changed.
    pub fn has_changes(&self) -> bool {
        !self.changes.is_empty()
    }
}
