//! What the operations that change a ticket share.

use mail::MailKind;
use orgs::{Event, Location, LocationId, Visibility};
use persistence::Parent;
use roles::Actor;
use tickets::{
    Approval, AttachmentId, Message, NewTicket, StatusChanged, Ticket, TicketId, admit_attachments,
};
use users::UserId;
use uuid::Uuid;

use crate::context::{Context, new_id};
use crate::pending_decisions::notify_representatives;
use crate::problem::Problem;

impl Context<'_, '_> {
    /// A member as somebody who acts, if he counts.
    pub(crate) fn active_member(&mut self, user: UserId) -> Result<Option<Actor>, Problem> {
        let member = self.tx.member_caller(self.caller.org_id, user)?;
        Ok(member.filter(|m| m.counts(self.now)).map(|m| m.actor))
    }

    /// Whether the assignee, if there is one, can go on with the ticket (R5).
    pub(crate) fn assignee_is_available(&mut self, ticket: &Ticket) -> Result<bool, Problem> {
        let Some(assignee) = ticket.assignee_id else { return Ok(false) };
        Ok(self.active_member(assignee)?.is_some_and(|person| ticket.can_be_worked_on_by(&person)))
    }

    /// Keeps a changed ticket and its events; answers with it as it is now.
    pub(crate) fn save_ticket(&mut self, ticket: Ticket, events: Vec<Event>) -> Result<Ticket, Problem> {
        let version = self.tx.tickets(self.caller.org_id).save(&ticket)?;
        events.into_iter().for_each(|event| self.record(event));
        Ok(Ticket { version, ..ticket })
    }

    /// Keeps a change of status with the message that tells it.
    pub(crate) fn save_status(&mut self, changed: StatusChanged) -> Result<Ticket, Problem> {
        if let Some(message) = &changed.message {
            self.save_message(&changed.ticket, message, &[])?;
        }
        let ticket = self.save_ticket(changed.ticket, changed.events)?;
        self.notify_requester(&ticket, MailKind::StatusChanged)?;
        Ok(ticket)
    }

    /// Keeps a message with its files; a reply of another counts as unread for the requester (S004-22).
    pub(crate) fn save_message(
        &mut self,
        ticket: &Ticket,
        message: &Message,
        files: &[AttachmentId],
    ) -> Result<(), Problem> {
        let org = self.caller.org_id;
        self.tx.thread(org, ticket.id).add(message)?;
        self.attach(files, Parent { ticket: ticket.id, message: Some(message.id) })?;
        if message.visibility == Visibility::Public && message.author_id != ticket.requester_id {
            self.tx.tickets(org).count_unread_reply(ticket.id)?;
        }
        Ok(())
    }

    /// Attaches uploads of the caller: all of them, or the submission is refused (S004-8).
    pub(crate) fn attach(&mut self, files: &[AttachmentId], parent: Parent) -> Result<(), Problem> {
        if files.is_empty() {
            return Ok(());
        }
        let found = self.tx.attachments(self.caller.org_id).among(files)?;
        admit_attachments(self.caller.user_id, files, &found, self.now)?;
        Ok(self.tx.attachments(self.caller.org_id).attach(files, parent)?)
    }

    /// A location of the organization, if it has it.
    pub(crate) fn location(&mut self, id: Uuid) -> Result<Option<Location>, Problem> {
        Ok(self.tx.locations(self.caller.org_id).find(LocationId(id))?)
    }

    /// Opens a ticket and keeps it with its files.
    pub(crate) fn open_ticket(&mut self, new: NewTicket, files: &[AttachmentId]) -> Result<Ticket, Problem> {
        let org = self.caller.org_id;
        let own: Vec<LocationId> = self.caller.locations.iter().copied().collect();
        let usable = self.tx.locations(org).among(&own)?.iter().filter(|l| l.is_active).count();
        // The number is taken once nothing else can refuse.
        let (ticket, event) = Ticket::open(&self.caller, TicketId(new_id()), 0, new, usable, self.now)?;
        let ticket = Ticket { number: self.tx.tickets(org).take_number()?, ..ticket };
        self.tx.tickets(org).add(&ticket)?;
        self.attach(files, Parent { ticket: ticket.id, message: None })?;
        self.tx.index_ticket(&ticket)?;
        self.record(event);
        self.notify_requester(&ticket, MailKind::TicketReceived)?;
        if ticket.approval == Some(Approval::Waiting) {
            notify_representatives(self.tx, &ticket, self.now)?;
        }
        Ok(ticket)
    }
}

/// Ids of files as sent.
pub(crate) fn file_ids(sent: Option<&Vec<Uuid>>) -> Vec<AttachmentId> {
    sent.into_iter().flatten().copied().map(AttachmentId).collect()
}
