//! What each rule's refusals look like on the wire.

use tickets::{
    ApprovalRefused, AssignRefused, AttachmentsRefused, EditRefused, FollowUpRefused, OpenRefused,
    ReplyRefused, StatusRefused, Ticket, TriageRefused, WaitsForApproval,
};

use crate::problem::{Code, Fault, Problem, sentence};

/// A closed ticket refuses, and tells where to go on (R4).
pub(crate) fn closed(ticket: &Ticket) -> Problem {
    let url = format!("/api/v1/orgs/{}/tickets/{}/follow-up", ticket.org_id.0, ticket.id.0);
    Problem::new(Code::TicketClosed, "The ticket is closed; file a follow-up instead.")
        .with_allowed(&[])
        .with_follow_up(url)
}

impl From<WaitsForApproval> for Problem {
    fn from(waits: WaitsForApproval) -> Self {
        Self::new(Code::ApprovalPending, sentence(&waits))
    }
}

impl From<ApprovalRefused> for Problem {
    fn from(refused: ApprovalRefused) -> Self {
        match refused {
            ApprovalRefused::Forbidden(forbidden) => forbidden.into(),
            ApprovalRefused::OwnRequest => Self::new(Code::Forbidden, sentence(&refused)),
            ApprovalRefused::NotWaiting => Self::new(Code::Conflict, sentence(&refused)),
        }
    }
}

impl From<StatusRefused> for Problem {
    fn from(refused: StatusRefused) -> Self {
        match refused {
            StatusRefused::Forbidden(forbidden) => forbidden.into(),
            StatusRefused::Waits(waits) => waits.into(),
            StatusRefused::InvalidTransition { allowed, .. } => {
                let names: Vec<&str> = allowed.iter().map(|s| s.as_str()).collect();
                let instead = if names.is_empty() {
                    "Nothing follows.".to_owned()
                } else {
                    format!("Allowed: {}.", names.join(", "))
                };
                Self::new(Code::InvalidTransition, format!("{} {instead}", sentence(&refused)))
                    .with_allowed(allowed)
            }
        }
    }
}

impl From<OpenRefused> for Problem {
    fn from(refused: OpenRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            OpenRefused::Forbidden(forbidden) => forbidden.into(),
            OpenRefused::NoLocationAvailable => Self::new(Code::NoLocationAvailable, detail.clone())
                .with_errors(vec![Fault::at("#/location_id", "no_location_available", detail)]),
            OpenRefused::LocationNotUsable => Self::new(Code::ReferenceNotFound, detail.clone())
                .with_errors(vec![Fault::at("#/location_id", "not_found", detail)]),
            OpenRefused::RequesterCannotFollow => Self::rule("#/on_behalf_of", &detail),
        }
    }
}

/// Refusals that need the ticket to point at what can be done instead.
pub(crate) fn of_reply(refused: ReplyRefused, ticket: &Ticket) -> Problem {
    match refused {
        ReplyRefused::Forbidden(forbidden) => forbidden.into(),
        ReplyRefused::Waits(waits) => waits.into(),
        ReplyRefused::Closed => closed(ticket),
    }
}

pub(crate) fn of_edit(refused: EditRefused, ticket: &Ticket) -> Problem {
    match refused {
        EditRefused::Forbidden(forbidden) => forbidden.into(),
        EditRefused::NotTheRequester => Problem::new(Code::Forbidden, sentence(&refused)),
        EditRefused::Closed => closed(ticket),
        EditRefused::Approved => Problem::new(Code::Conflict, sentence(&refused)),
    }
}

pub(crate) fn of_triage(refused: TriageRefused, ticket: &Ticket) -> Problem {
    match refused {
        TriageRefused::Forbidden(forbidden) => forbidden.into(),
        TriageRefused::Waits(waits) => waits.into(),
        TriageRefused::Closed => closed(ticket),
        TriageRefused::NotWaiting => Problem::rule("#/waiting_on", &refused),
        TriageRefused::SubCategoryMissing => Problem::rule("#/category_id", &refused),
        TriageRefused::CategoryRetired => Problem::rule("#/category_id", &refused),
        TriageRefused::LocationRetired => Problem::rule("#/location_id", &refused),
    }
}

pub(crate) fn of_assign(refused: AssignRefused, ticket: &Ticket) -> Problem {
    match refused {
        AssignRefused::Forbidden(forbidden) => forbidden.into(),
        AssignRefused::Waits(waits) => waits.into(),
        AssignRefused::Closed => closed(ticket),
        AssignRefused::CannotWorkOnIt => Problem::rule("#/assignee_id", &refused),
    }
}

impl From<FollowUpRefused> for Problem {
    fn from(refused: FollowUpRefused) -> Self {
        match refused {
            FollowUpRefused::Forbidden(forbidden) => forbidden.into(),
            FollowUpRefused::NotClosed => Self::new(Code::Conflict, sentence(&refused)),
        }
    }
}

impl From<AttachmentsRefused> for Problem {
    fn from(refused: AttachmentsRefused) -> Self {
        let detail = sentence(&refused);
        let code =
            if refused == AttachmentsRefused::TooMany { Code::RuleViolated } else { Code::ReferenceNotFound };
        Self::new(code, detail.clone()).with_errors(vec![Fault::at(
            "#/attachment_ids",
            "not_available",
            detail,
        )])
    }
}
