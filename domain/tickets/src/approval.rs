use chrono::{DateTime, Utc};
use roles::{Actor, Forbidden, Permission};
use thiserror::Error;
use users::UserId;

use crate::change_status::StatusChanged;
use crate::{Reason, Status, Ticket, TicketScope, event};

/// The leave that a request needs whose requester can't open requests at once (S002-22). It stands beside the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// A representative has to decide; until then nobody works on the ticket.
    Waiting,
    /// It went on to staff.
    Approved(Decided),
    /// It was refused, and closed.
    Denied(Decided),
}

/// Who decided, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// The representative.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

impl Approval {
    /// The words of [`Approval::as_str`].
    pub const WORDS: [&'static str; 3] = ["waiting", "approved", "denied"];

    /// The word that stands for it in storage and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved(_) => "approved",
            Self::Denied(_) => "denied",
        }
    }

    /// What a word and a decision stand for; nothing if one of them lacks the other.
    pub fn parse(word: &str, decided: Option<Decided>) -> Option<Self> {
        match (word, decided) {
            ("waiting", None) => Some(Self::Waiting),
            ("approved", Some(decided)) => Some(Self::Approved(decided)),
            ("denied", Some(decided)) => Some(Self::Denied(decided)),
            _ => None,
        }
    }

    /// Who decided and when, if somebody did.
    pub fn decided(self) -> Option<Decided> {
        match self {
            Self::Waiting => None,
            Self::Approved(decided) | Self::Denied(decided) => Some(decided),
        }
    }
}

/// Nobody works on a ticket that waits for a representative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the ticket waits for a representative to approve it")]
pub struct WaitsForApproval;

/// Why a ticket is neither approved nor denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ApprovalRefused {
    /// The actor may not.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Nobody speaks for himself.
    #[error("nobody decides on his own request")]
    OwnRequest,
    /// It needs no leave, or was decided on.
    #[error("the ticket does not wait for approval")]
    NotWaiting,
}

impl Ticket {
    /// Whether `actor` may let the ticket go on to staff.
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

    /// The ticket as staff get it to work on, and what to tell of it.
    pub fn approve(&self, by: &Actor, now: DateTime<Utc>) -> Result<StatusChanged, ApprovalRefused> {
        self.may_be_decided_by(by)?;
        let approval = Some(Approval::Approved(Decided { by: by.user_id, at: now }));
        Ok(self.decided(Self { approval, updated_at: now, ..self.clone() }))
    }

    /// The ticket refused: closed, with the reason that its requester reads.
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

    /// Goes on only if the actor may continue the ticket: what a representative refused, staff don't take up behind his back.
    pub(crate) fn may_be_claimed_by(&self, actor: &Actor) -> Result<(), Forbidden> {
        let is_own = self.requester_id == actor.user_id;
        match self.approval {
            Some(Approval::Denied(_)) if !is_own => actor.require(Permission::ApproveTickets),
            _ => Ok(()),
        }
    }

    /// Goes on only if nobody has to give leave first.
    pub(crate) fn require_approved(&self) -> Result<(), WaitsForApproval> {
        if self.approval == Some(Approval::Waiting) { Err(WaitsForApproval) } else { Ok(()) }
    }

    fn decided(&self, next: Self) -> StatusChanged {
        let events = event::of_changes(self, &next);
        StatusChanged { ticket: next, message: None, events }
    }
}
