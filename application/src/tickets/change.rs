//! Functions that several ticket operations share.

use mail::MailKind;
use orgs::{Event, Location, LocationId, Visibility};
use persistence::Parent;
use roles::Actor;
use tickets::{
    Approval, AttachmentId, Message, NewTicket, StatusChanged, Ticket, TicketId, admit_attachments,
};
use users::UserId;
use uuid::Uuid;

use super::notices::notify_requester;
use crate::context::{Context, new_id};
use crate::notifications::pending_decisions::notify_representatives;
use crate::problem::Problem;

/// A member as an actor, if the membership is effective.
pub fn active_member(ctx: &mut Context<'_, '_>, user: UserId) -> Result<Option<Actor>, Problem> {
    let member = ctx.tx.member_caller(ctx.caller.org_id, user)?;
    Ok(member.filter(|m| m.counts(ctx.now)).map(|m| m.actor))
}

/// Whether there is an assignee who can continue with the ticket (R5).
pub fn assignee_is_available(ctx: &mut Context<'_, '_>, ticket: &Ticket) -> Result<bool, Problem> {
    let Some(assignee) = ticket.assignee_id else { return Ok(false) };
    Ok(active_member(ctx, assignee)?.is_some_and(|person| ticket.can_be_worked_on_by(&person)))
}

/// Saves a changed ticket and its events. Returns the ticket with its new version.
pub fn save_ticket(ctx: &mut Context<'_, '_>, ticket: Ticket, events: Vec<Event>) -> Result<Ticket, Problem> {
    let version = ctx.tx.tickets(ctx.caller.org_id).save(&ticket)?;
    events.into_iter().for_each(|event| ctx.record(event));
    Ok(Ticket { version, ..ticket })
}

/// Saves a change of status, with the message that explains it.
pub fn save_status(ctx: &mut Context<'_, '_>, changed: StatusChanged) -> Result<Ticket, Problem> {
    if let Some(message) = &changed.message {
        save_message(ctx, &changed.ticket, message, &[])?;
    }
    let ticket = save_ticket(ctx, changed.ticket, changed.events)?;
    notify_requester(ctx, &ticket, MailKind::StatusChanged)?;
    Ok(ticket)
}

/// Saves a message with its files. A reply of somebody else becomes unread for the requester (S004-22).
pub fn save_message(
    ctx: &mut Context<'_, '_>,
    ticket: &Ticket,
    message: &Message,
    files: &[AttachmentId],
) -> Result<(), Problem> {
    let org = ctx.caller.org_id;
    ctx.tx.thread(org, ticket.id).add(message)?;
    attach_files(ctx, files, Parent { ticket: ticket.id, message: Some(message.id) })?;
    if message.visibility == Visibility::Public && message.author_id != ticket.requester_id {
        ctx.tx.tickets(org).count_unread_reply(ticket.id)?;
    }
    Ok(())
}

/// Attaches uploads of the caller. Refuses the submission unless all can be attached (S004-8).
pub fn attach_files(
    ctx: &mut Context<'_, '_>,
    files: &[AttachmentId],
    parent: Parent,
) -> Result<(), Problem> {
    if files.is_empty() {
        return Ok(());
    }
    let found = ctx.tx.attachments(ctx.caller.org_id).among(files)?;
    admit_attachments(ctx.caller.user_id, files, &found, ctx.now)?;
    Ok(ctx.tx.attachments(ctx.caller.org_id).attach(files, parent)?)
}

/// A location of the organization, if it exists.
pub fn find_location(ctx: &mut Context<'_, '_>, id: Uuid) -> Result<Option<Location>, Problem> {
    Ok(ctx.tx.locations(ctx.caller.org_id).find(LocationId(id))?)
}

/// Opens a ticket and saves it with its files.
pub fn save_new_ticket(
    ctx: &mut Context<'_, '_>,
    new: NewTicket,
    files: &[AttachmentId],
) -> Result<Ticket, Problem> {
    let org = ctx.caller.org_id;
    let own: Vec<LocationId> = ctx.caller.locations.iter().copied().collect();
    let usable = ctx.tx.locations(org).among(&own)?.iter().filter(|l| l.is_active).count();
    // The number is taken last, after every check that could fail.
    let (ticket, event) = Ticket::open(&ctx.caller, TicketId(new_id()), 0, new, usable, ctx.now)?;
    let ticket = Ticket { number: ctx.tx.tickets(org).take_number()?, ..ticket };
    ctx.tx.tickets(org).add(&ticket)?;
    attach_files(ctx, files, Parent { ticket: ticket.id, message: None })?;
    ctx.tx.index_ticket(&ticket)?;
    ctx.record(event);
    notify_requester(ctx, &ticket, MailKind::TicketReceived)?;
    if ticket.approval == Some(Approval::Waiting) {
        notify_representatives(ctx.tx, &ticket, ctx.now)?;
    }
    Ok(ticket)
}

/// The ids of files in a request.
pub fn file_ids(sent: Option<&Vec<Uuid>>) -> Vec<AttachmentId> {
    sent.into_iter().flatten().copied().map(AttachmentId).collect()
}
