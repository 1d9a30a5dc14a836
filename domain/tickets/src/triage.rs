use chrono::{DateTime, Utc};
use orgs::{Event, Location};
use roles::{Actor, Forbidden};
use thiserror::Error;

use crate::{ApprovalPending, Category, Priority, Status, Ticket, WaitingOn, event, scope::require_staff};

/// What staff set on a ticket; `None` leaves a field unchanged.
#[derive(Debug, Clone, Default)]
pub struct Triage {
    /// The priority.
    pub priority: Option<Priority>,
    /// The category; `Some(None)` clears it.
    pub category: Option<Option<Category>>,
    /// The location where help is needed.
    pub location: Option<Location>,
    /// Whose action it is waiting for; `Some(None)` clears it.
    pub waiting_on: Option<Option<WaitingOn>>,
}

/// Why a ticket is not triaged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TriageRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The ticket is pending approval by a representative (S002-22).
    #[error(transparent)]
    ApprovalPending(#[from] ApprovalPending),
    /// A closed ticket cannot be changed.
    #[error("the ticket is closed; file a follow-up instead")]
    Closed,
    /// Only unresolved tickets can be waiting.
    #[error("a resolved ticket cannot be waiting on anybody")]
    NotWaiting,
    /// The category needs one of its sub-categories.
    #[error("a request about content requires one of the sub-categories")]
    SubCategoryMissing,
    /// The category is retired.
    #[error("the category is inactive")]
    CategoryRetired,
    /// The location is retired.
    #[error("the location is inactive")]
    LocationRetired,
}

impl Ticket {
    /// The ticket after triage (S004-9).
    pub fn triage(
        &self,
        by: &Actor,
        triage: Triage,
        now: DateTime<Utc>,
    ) -> Result<(Self, Vec<Event>), TriageRefused> {
        let Triage { priority, category, location, waiting_on } = triage;
        if priority.is_none() && category.is_none() && location.is_none() && waiting_on.is_none() {
            return Ok((self.clone(), Vec::new()));
        }
        require_staff(self, by)?;
        self.require_approved()?;
        if self.status == Status::Closed {
            return Err(TriageRefused::Closed);
        }
        if matches!(waiting_on, Some(Some(_))) && !self.status.is_unresolved() {
            return Err(TriageRefused::NotWaiting);
        }
        if matches!(&category, Some(Some(c)) if c.needs_a_sub_category() && self.category_id != Some(c.id)) {
            return Err(TriageRefused::SubCategoryMissing);
        }
        if matches!(&category, Some(Some(c)) if !c.is_active && self.category_id != Some(c.id)) {
            return Err(TriageRefused::CategoryRetired);
        }
        if matches!(&location, Some(l) if !l.is_active && self.location_id != l.id) {
            return Err(TriageRefused::LocationRetired);
        }
        let next = Self {
            priority: priority.unwrap_or(self.priority),
            category_id: category.map_or(self.category_id, |c| c.map(|c| c.id)),
            location_id: location.map_or(self.location_id, |l| l.id),
            waiting_on: waiting_on.unwrap_or(self.waiting_on),
            updated_at: now,
            ..self.clone()
        };
        let events = event::of_changes(self, &next);
        Ok((next, events))
    }
}
