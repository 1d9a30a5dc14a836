use uuid::Uuid;

use crate::{LocationId, OrgId};

/// Who may read an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Whoever may see the thing it happened to.
    Public,
    /// Staff only.
    Staff,
}

impl Visibility {
    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Staff => "staff",
        }
    }
}

/// What an event happened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSubject {
    /// The organization itself.
    Organization(OrgId),
    /// One of its locations.
    Location(LocationId),
    /// A thing that another crate knows: its kind in snake_case, and its id.
    Other(&'static str, Uuid),
}

impl EventSubject {
    /// The kind, in snake_case.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Organization(_) => "organization",
            Self::Location(_) => "location",
            Self::Other(kind, _) => kind,
        }
    }

    /// The id of the thing.
    pub fn id(self) -> Uuid {
        match self {
            Self::Organization(OrgId(id)) | Self::Location(LocationId(id)) | Self::Other(_, id) => id,
        }
    }
}

/// One field that an event changed; secrets are never written here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field, as the API names it.
    pub field: &'static str,
    /// Its value before; `None` when it had none.
    pub from: Option<String>,
    /// Its value after; `None` when it was cleared.
    pub to: Option<String>,
}

impl Change {
    /// A field that got its first value.
    pub fn set(field: &'static str, to: &str) -> Self {
        Self { field, from: None, to: Some(to.to_owned()) }
    }
}

/// Something that happened in an organization, told once and never altered.
///
/// Ticket history, audit trail and every later feed read these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened, in snake_case and the past tense: `ticket_status_changed`.
    pub kind: &'static str,
    /// What it happened to.
    pub subject: EventSubject,
    /// Who may read it.
    pub visibility: Visibility,
    /// Old and new values.
    pub changes: Vec<Change>,
}

impl Event {
    /// An event for staff, without changes yet.
    pub fn new(kind: &'static str, subject: EventSubject) -> Self {
        Self { kind, subject, visibility: Visibility::Staff, changes: Vec::new() }
    }

    /// The same event, readable by whoever may see its subject.
    pub fn public(self) -> Self {
        Self { visibility: Visibility::Public, ..self }
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

    /// Whether anything changed at all.
    pub fn has_changes(&self) -> bool {
        !self.changes.is_empty()
    }
}
