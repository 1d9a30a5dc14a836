use orgs::{Change, Event, EventKind, EventSubject};

use crate::{Approval, MessageId, Status, Ticket, TicketId};

/// The ticket as the subject of an event.
pub fn subject(id: TicketId) -> EventSubject {
    EventSubject::Other("ticket", id.0)
}

/// The event for a change of status; no other event repeats the change.
pub(crate) fn status_changed(id: TicketId, from: Status, to: Status) -> Event {
    Event::new(EventKind::TicketStatusChanged, subject(id)).with_if_changed(
        "status",
        Some(from.as_str()),
        Some(to.as_str()),
    )
}

/// The event for a new ticket. It includes the first status, which is not a change of status.
pub(crate) fn created(ticket: &Ticket) -> Event {
    Event::new(EventKind::TicketCreated, subject(ticket.id))
        .with(Change::set("subject", ticket.subject.as_str()))
        .with(Change::set("urgency", ticket.urgency.as_str()))
        .with(Change::set("location_id", &ticket.location_id.0.to_string()))
        .with(Change::set("requester_id", &ticket.requester_id.0.to_string()))
        .with_if_changed("approval", None, ticket.approval.map(Approval::as_str))
}

/// An event that refers to a message of the ticket, without its text.
pub(crate) fn message(ticket: TicketId, kind: EventKind, id: MessageId) -> Event {
    Event::new(kind, subject(ticket)).with(Change::set("message_id", &id.0.to_string()))
}

/// The events for the differences between two states of a ticket, each field in one event only.
pub(crate) fn of_changes(before: &Ticket, after: &Ticket) -> Vec<Event> {
    let uuid = |id: uuid::Uuid| id.to_string();
    let status = status_changed(before.id, before.status, after.status);
    let word = |ticket: &Ticket| ticket.approval.map(Approval::as_str);
    let decided = Event::new(EventKind::TicketApprovalDecided, subject(before.id)).with_if_changed(
        "approval",
        word(before),
        word(after),
    );
    let edited = Event::new(EventKind::TicketEdited, subject(before.id))
        .with_if_changed("subject", Some(before.subject.as_str()), Some(after.subject.as_str()))
        .with_if_changed("details", Some(before.details.as_str()), Some(after.details.as_str()));
    let assigned = Event::new(EventKind::TicketAssigned, subject(before.id)).with_if_changed(
        "assignee_id",
        before.assignee_id.map(|u| uuid(u.0)).as_deref(),
        after.assignee_id.map(|u| uuid(u.0)).as_deref(),
    );
    let triaged = Event::new(EventKind::TicketTriaged, subject(before.id))
        .with_if_changed("priority", Some(before.priority.as_str()), Some(after.priority.as_str()))
        .with_if_changed(
            "category_id",
            before.category_id.map(|c| uuid(c.0)).as_deref(),
            after.category_id.map(|c| uuid(c.0)).as_deref(),
        )
        .with_if_changed("location_id", Some(&uuid(before.location_id.0)), Some(&uuid(after.location_id.0)))
        .with_if_changed(
            "waiting_on",
            before.waiting_on.map(|w| w.as_str()),
            after.waiting_on.map(|w| w.as_str()),
        );
    [decided, edited, assigned, triaged, status].into_iter().filter(Event::has_changes).collect()
}
