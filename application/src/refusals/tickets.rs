//! The problems for refusals of `domain/tickets`.

use tickets::{
    ApprovalPending, ApprovalRefused, AssignRefused, AttachmentsRefused, CategoryRefused, EditRefused,
    FileRefused, FollowUpRefused, OpenRefused, ReplyRefused, StatusRefused, Ticket, TriageRefused,
    UploadRefused,
};

use crate::clock::now;
use crate::problem::{Fault, Problem, sentence};
use crate::problem_codes::Code;

/// The refusal of a closed ticket, with the URL for a follow-up (R4).
pub fn closed(ticket: &Ticket) -> Problem {
    let url = format!("/api/v1/orgs/{}/tickets/{}/follow-up", ticket.org_id.0, ticket.id.0);
    Problem::new(Code::TicketClosed, "The ticket is closed; file a follow-up instead.")
        .with_allowed(&[])
        .with_follow_up(url)
}

impl From<ApprovalPending> for Problem {
    fn from(waits: ApprovalPending) -> Self {
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
            StatusRefused::ApprovalPending(waits) => waits.into(),
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

/// A refusal to reply, with the alternative that the ticket offers.
pub fn of_reply(refused: ReplyRefused, ticket: &Ticket) -> Problem {
    match refused {
        ReplyRefused::Forbidden(forbidden) => forbidden.into(),
        ReplyRefused::ApprovalPending(waits) => waits.into(),
        ReplyRefused::Closed => closed(ticket),
    }
}

/// A refusal to edit.
pub fn of_edit(refused: EditRefused, ticket: &Ticket) -> Problem {
    match refused {
        EditRefused::Forbidden(forbidden) => forbidden.into(),
        EditRefused::NotTheRequester => Problem::new(Code::Forbidden, sentence(&refused)),
        EditRefused::Closed => closed(ticket),
        EditRefused::Approved => Problem::new(Code::Conflict, sentence(&refused)),
    }
}

/// A refusal to triage.
pub fn of_triage(refused: TriageRefused, ticket: &Ticket) -> Problem {
    match refused {
        TriageRefused::Forbidden(forbidden) => forbidden.into(),
        TriageRefused::ApprovalPending(waits) => waits.into(),
        TriageRefused::Closed => closed(ticket),
        TriageRefused::NotWaiting => Problem::rule("#/waiting_on", &refused),
        TriageRefused::SubCategoryMissing => Problem::rule("#/category_id", &refused),
        TriageRefused::CategoryRetired => Problem::rule("#/category_id", &refused),
        TriageRefused::LocationRetired => Problem::rule("#/location_id", &refused),
    }
}

/// A refusal to assign.
pub fn of_assign(refused: AssignRefused, ticket: &Ticket) -> Problem {
    match refused {
        AssignRefused::Forbidden(forbidden) => forbidden.into(),
        AssignRefused::ApprovalPending(waits) => waits.into(),
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

impl From<UploadRefused> for Problem {
    fn from(refused: UploadRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            UploadRefused::PendingFiles(_) => Self::new(Code::PendingFilesExceeded, detail),
            UploadRefused::PendingBytes(_) => Self::new(Code::PendingBytesExceeded, detail),
            UploadRefused::DailyBytes { until, .. } => {
                let seconds = u64::try_from((until - now()).num_seconds()).unwrap_or_default();
                Self::new(Code::DailyUploadExceeded, detail).with_retry_after(seconds + 1)
            }
            UploadRefused::Organization | UploadRefused::Guests => Self::new(Code::QuotaExceeded, detail),
        }
    }
}

impl From<CategoryRefused> for Problem {
    fn from(refused: CategoryRefused) -> Self {
        match refused {
            CategoryRefused::Forbidden(forbidden) => forbidden.into(),
            CategoryRefused::Seeded => Self::rule("#", &refused),
            CategoryRefused::TooDeep => Self::rule("#/parent_id", &refused),
        }
    }
}

impl From<FileRefused> for Problem {
    fn from(refused: FileRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            FileRefused::Empty => Self::new(Code::RuleViolated, detail.clone())
                .with_errors(vec![Fault::at("#/file", "empty", detail)]),
            FileRefused::KindRefused | FileRefused::TypeMismatch => {
                Self::new(Code::UnsupportedFileType, detail)
            }
        }
    }
}
