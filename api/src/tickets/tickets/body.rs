use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use serde::{Deserialize, Serialize};
use tickets::{Action, Approval, Ticket, TicketId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::{Answer, content_digest};
use web::values::{Priority, TicketApproval, TicketStatus, WaitingOn};

use crate::tickets::attachments::body::AttachmentBody;

/// Path parameters of a ticket.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TicketPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The ticket.
    ticket_id: Uuid,
}

impl TicketPath {
    pub(crate) fn ticket_id(&self) -> TicketId {
        TicketId(self.ticket_id)
    }
}

/// An action that the caller may take on the ticket now.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TicketAction {
    Approve,
    Deny,
    Reply,
    AddNote,
    Edit,
    Triage,
    Assign,
    Start,
    Resolve,
    Reopen,
    Close,
    ForceClose,
    FollowUp,
}

impl From<Action> for TicketAction {
    fn from(action: Action) -> Self {
        match action {
            Action::Approve => Self::Approve,
            Action::Deny => Self::Deny,
            Action::Reply => Self::Reply,
            Action::AddNote => Self::AddNote,
            Action::Edit => Self::Edit,
            Action::Triage => Self::Triage,
            Action::Assign => Self::Assign,
            Action::Start => Self::Start,
            Action::Resolve => Self::Resolve,
            Action::Reopen => Self::Reopen,
            Action::Close => Self::Close,
            Action::ForceClose => Self::ForceClose,
            Action::FollowUp => Self::FollowUp,
        }
    }
}

/// A support request.
#[derive(Serialize, ToSchema)]
#[schema(as = Ticket, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a20", "number": 42, "subject": "Can't open my schedule", "details": "Since this morning the page stays empty.",
    "urgency": "normal", "priority": "high", "status": "in_progress", "status_label": "In progress", "waiting_on": null, "approval": null, "approval_decided_by_id": null, "approval_decided_at": null,
    "location_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1d", "category_id": null, "requester_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b",
    "created_by_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "assignee_id": null, "resolution_summary": null, "close_reason": null, "follow_up_of_id": null,
    "attachments": [], "created_at": "2026-03-02T09:15:00.000000Z", "updated_at": "2026-03-02T10:02:11.000000Z", "resolved_at": null, "closed_at": null,
    "allowed_actions": ["reply", "edit"]
}))]
pub(crate) struct TicketBody {
    id: Uuid,
    /// Counted per organization from 1, for people. Look it up with `list_tickets?number=42`.
    number: i64,
    subject: String,
    details: String,
    /// The requester's.
    urgency: Priority,
    /// The staff's.
    priority: Priority,
    status: TicketStatus,
    /// The status in words, for people.
    status_label: String,
    waiting_on: Option<WaitingOn>,
    /// The approval it needs. Null if its requester needs none. While it is `waiting`, staff do not work on it.
    approval: Option<TicketApproval>,
    /// The representative who decided.
    approval_decided_by_id: Option<Uuid>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    approval_decided_at: Option<String>,
    location_id: Uuid,
    category_id: Option<Uuid>,
    /// Whose request it is: a user id.
    requester_id: Uuid,
    /// The user who created it: the requester, or staff on their behalf.
    created_by_id: Uuid,
    /// Who works on it: a user id.
    assignee_id: Option<Uuid>,
    /// What came of it.
    resolution_summary: Option<String>,
    close_reason: Option<String>,
    /// The closed ticket that it continues.
    follow_up_of_id: Option<Uuid>,
    /// The files that came with the request; those of messages are with the messages.
    attachments: Vec<AttachmentBody>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
    #[schema(value_type = Option<DateTime<Utc>>)]
    resolved_at: Option<String>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    closed_at: Option<String>,
    /// What the caller may do with it now.
    allowed_actions: Vec<TicketAction>,
}

/// A digest of the parts of a ticket that the caller may see, which may differ between readers of the same version.
pub(crate) fn ticket_audience(ctx: &Context<'_, '_>, ticket: &Ticket) -> String {
    let actions: Vec<&str> = ticket.allowed_actions(&ctx.caller).into_iter().map(Action::as_str).collect();
    content_digest(&actions.join(","))
}

/// 200 with the ticket.
pub(crate) fn show_ticket(ctx: &mut Context<'_, '_>, ticket: &Ticket) -> Result<Answer, Problem> {
    let body = to_ticket_body(ctx, ticket)?;
    Ok(Answer::ok(&body)?.tagged(ticket.version, &ticket_audience(ctx, ticket)))
}

/// 201 with the ticket.
pub(crate) fn show_new_ticket(ctx: &mut Context<'_, '_>, ticket: &Ticket) -> Result<Answer, Problem> {
    let body = to_ticket_body(ctx, ticket)?;
    let place = format!("/api/v1/orgs/{}/tickets/{}", ticket.org_id.0, ticket.id.0);
    Ok(Answer::created(place, &body)?.tagged(ticket.version, &ticket_audience(ctx, ticket)))
}

fn to_ticket_body(ctx: &mut Context<'_, '_>, ticket: &Ticket) -> Result<TicketBody, Problem> {
    let attachments = ctx.tx.attachments(ctx.caller.org_id).of_request(ticket.id)?;
    let decided = ticket.approval.and_then(Approval::decided);
    Ok(TicketBody {
        id: ticket.id.0,
        number: ticket.number,
        subject: ticket.subject.as_str().to_owned(),
        details: ticket.details.as_str().to_owned(),
        urgency: ticket.urgency.into(),
        priority: ticket.priority.into(),
        status: ticket.status.into(),
        status_label: ticket.status.label().to_owned(),
        waiting_on: ticket.waiting_on.map(Into::into),
        approval: ticket.approval.map(Into::into),
        approval_decided_by_id: decided.map(|decided| decided.by.0),
        approval_decided_at: decided.map(|decided| instant(decided.at)),
        location_id: ticket.location_id.0,
        category_id: ticket.category_id.map(|id| id.0),
        requester_id: ticket.requester_id.0,
        created_by_id: ticket.created_by.0,
        assignee_id: ticket.assignee_id.map(|id| id.0),
        resolution_summary: ticket.resolution_summary.as_ref().map(|s| s.as_str().to_owned()),
        close_reason: ticket.close_reason.as_ref().map(|r| r.as_str().to_owned()),
        follow_up_of_id: ticket.follow_up_of.map(|id| id.0),
        attachments: attachments.iter().map(AttachmentBody::from).collect(),
        created_at: instant(ticket.created_at),
        updated_at: instant(ticket.updated_at),
        resolved_at: ticket.resolved_at.map(instant),
        closed_at: ticket.closed_at.map(instant),
        allowed_actions: ticket.allowed_actions(&ctx.caller).into_iter().map(TicketAction::from).collect(),
    })
}
