use chrono::{DateTime, Utc};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;

use crate::approval_state::{Approval, ApprovalPending, Decided};
use crate::change_status::StatusChanged;
use crate::{Reason, Status, Ticket, TicketScope, event};

/// Why a ticket is neither approved nor denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApprovalRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Representatives do not decide on their own request.
    #[error("you cannot decide on your own request")]
    OwnRequest,
    /// The ticket needs no approval, or was decided on.
    #[error("the ticket is not pending approval")]
    NotWaiting,
}

impl Ticket {
    /// Requires that `actor` may approve or deny the ticket now.
    pub fn may_be_decided_by(&self, actor: &Actor) -> Result<(), ApprovalRefused> {
        actor.require(Permission::ApproveTickets)?;
        if !TicketScope::of(actor)?.represents(self) {
            return Err(Forbidden { missing: Permission::ApproveTickets }.into());
        }
        match self.approval {
            _ if self.requester_id == actor.user_id => Err(ApprovalRefused::OwnRequest),
            Some(Approval::Waiting) => Ok(()),
            _ => Err(ApprovalRefused::NotWaiting),
        }
    }

    /// The ticket approved, and the events that record it.
    pub fn approve(&self, by: &Actor, now: DateTime<Utc>) -> Result<StatusChanged, ApprovalRefused> {
        self.may_be_decided_by(by)?;
        let approval = Some(Approval::Approved(Decided { by: by.user_id, at: now }));
        Ok(self.decided(Self { approval, updated_at: now, ..self.clone() }))
    }

    /// The ticket denied and closed, with a reason that its requester reads.
    pub fn deny(
        &self,
        by: &Actor,
        reason: Reason,
        now: DateTime<Utc>,
    ) -> Result<StatusChanged, ApprovalRefused> {
        self.may_be_decided_by(by)?;
        Ok(self.decided(Self {
            approval: Some(Approval::Denied(Decided { by: by.user_id, at: now })),
            status: Status::Closed,
            close_reason: Some(reason),
            closed_at: Some(now),
            waiting_on: None,
            updated_at: now,
            ..self.clone()
        }))
    }

    /// Requires that the actor may continue the ticket. Staff can't continue what a representative denied:
    /// that would bypass the denial.
    pub(crate) fn may_be_continued_by(&self, actor: &Actor) -> Result<(), Forbidden> {
        let is_own = self.requester_id == actor.user_id;
        match self.approval {
            Some(Approval::Denied(_)) if !is_own => actor.require(Permission::ApproveTickets),
            _ => Ok(()),
        }
    }

    /// Requires that no approval is pending.
    pub(crate) fn require_approved(&self) -> Result<(), ApprovalPending> {
        if self.approval == Some(Approval::Waiting) { Err(ApprovalPending) } else { Ok(()) }
    }

    fn decided(&self, next: Self) -> StatusChanged {
        let events = event::of_changes(self, &next);
        StatusChanged { ticket: next, message: None, events }
    }
}
