use std::ops::Range;

use application::clock::new_id;
use application::keys::hex;
use application::problem::Problem;
use chrono::{DateTime, TimeDelta, Utc};
use orgs::Event;
use persistence::{LogEntry, Parent, Tx};
use roles::Actor;
use sha2::{Digest, Sha256};
use tickets::{
    Attachment, AttachmentId, Body, Details, Message, MessageId, NewTicket, Subject, Summary, Ticket,
    TicketId, Triage,
};
use users::UserId;

use super::organizations::DemoOrg;
use super::stories::{PICTURE, STORIES, Story, TEXT};

/// A stored file: its key and its bytes.
pub(super) type StoredFile = (String, &'static [u8]);

/// The age of the oldest ticket in days.
const DAYS: i64 = 90;

/// Adds the tickets with these numbers, of `all`. Returns the files to store. `messages`: the number per ticket.
pub(super) fn add_tickets(
    tx: &mut Tx<'_>,
    org: &DemoOrg,
    numbers: Range<u32>,
    all: u32,
    messages: Option<u32>,
    end: DateTime<Utc>,
) -> Result<Vec<StoredFile>, Problem> {
    let mut files = Vec::new();
    for n in numbers {
        let age =
            TimeDelta::days(DAYS) * i32::try_from(all - n).unwrap_or(1) / i32::try_from(all + 1).unwrap_or(1);
        let mut life = Life { tx, org, n: usize::try_from(n).unwrap_or(0), at: end - age, files: &mut files };
        life.live(messages)?;
    }
    Ok(files)
}

/// One ticket during its course.
struct Life<'a, 't, 'c> {
    tx: &'t mut Tx<'c>,
    org: &'a DemoOrg,
    n: usize,
    at: DateTime<Utc>,
    files: &'t mut Vec<StoredFile>,
}

fn unexpected() -> Problem {
    Problem::internal()
}

impl Life<'_, '_, '_> {
    fn story(&self) -> &'static Story {
        STORIES.iter().cycle().nth(self.n % STORIES.len()).unwrap_or(&STORIES[0])
    }

    fn later(&mut self, minutes: i64) -> DateTime<Utc> {
        self.at += TimeDelta::minutes(minutes);
        self.at
    }

    fn record(&mut self, by: UserId, events: Vec<Event>) {
        for event in events {
            self.tx.record(LogEntry {
                org: self.org.id,
                id: new_id(),
                actor: Some(by),
                request_id: "demo".to_owned(),
                at: self.at,
                event,
            });
        }
    }

    /// Files a ticket and advances it to a status that depends on its number, so that every status occurs.
    fn live(&mut self, messages: Option<u32>) -> Result<(), Problem> {
        let requester = self
            .org
            .requesters
            .iter()
            .cycle()
            .nth(self.n % self.org.requesters.len().max(1))
            .cloned()
            .ok_or_else(unexpected)?;
        let staff = self
            .org
            .staff
            .iter()
            .cycle()
            .nth(self.n % self.org.staff.len().max(1))
            .cloned()
            .ok_or_else(unexpected)?;
        let ticket = self.file(&requester)?;
        self.tx.index_ticket(&ticket)?;
        if let Some(count) = messages {
            return self.add_conversation(ticket, &requester, &staff, count);
        }
        self.advance(ticket, &requester, &staff)
    }

    fn file(&mut self, by: &Actor) -> Result<Ticket, Problem> {
        let story = self.story();
        let places: Vec<_> = self.org.locations.iter().filter(|l| by.locations.contains(&l.id)).collect();
        let location = places.iter().cycle().nth(self.n % places.len().max(1)).map(|l| (*l).clone());
        let new = NewTicket {
            subject: Subject::parse(story.subject).map_err(|_| unexpected())?,
            details: Details::parse(story.details).map_err(|_| unexpected())?,
            urgency: story.urgency,
            location,
            on_behalf_of: None,
            follow_up_of: None,
        };
        let number = self.tx.tickets(self.org.id).take_number()?;
        let (ticket, event) = Ticket::open(by, TicketId(new_id()), number, new, places.len(), self.at)?;
        self.tx.tickets(self.org.id).add(&ticket)?;
        self.record(by.user_id, vec![event]);
        if self.n.is_multiple_of(5) {
            self.attach(by, "steps.txt", "text/plain", TEXT, Parent { ticket: ticket.id, message: None })?;
        }
        Ok(ticket)
    }

    fn advance(&mut self, ticket: Ticket, requester: &Actor, staff: &Actor) -> Result<(), Problem> {
        let story = self.story();
        let course = self.n % 8;
        if course < 2 {
            return Ok(());
        }
        let ticket = self.triage(ticket, staff)?;
        let ticket = self.reply(ticket, staff, story.answer)?;
        if course % 2 == 1 {
            self.note(&ticket, staff, story.note)?;
        }
        if course == 2 {
            return Ok(());
        }
        let ticket = self.reply(ticket, requester, story.reply)?;
        if course < 5 {
            return Ok(());
        }
        let ticket = self.resolve(ticket, staff, story.outcome)?;
        if course < 7 {
            return Ok(());
        }
        let at = self.later(2_000);
        let closed = ticket.close(staff, None, false, at)?;
        self.save(closed.ticket, staff.user_id, closed.events).map(drop)
    }

    fn add_conversation(
        &mut self,
        mut ticket: Ticket,
        requester: &Actor,
        staff: &Actor,
        count: u32,
    ) -> Result<(), Problem> {
        let story = self.story();
        for n in 0..count {
            let (by, text) = if n % 2 == 0 { (staff, story.answer) } else { (requester, story.reply) };
            ticket = self.reply(ticket, by, text)?;
        }
        if self.n % 4 == 3 { self.resolve(ticket, staff, story.outcome).map(drop) } else { Ok(()) }
    }

    fn triage(&mut self, ticket: Ticket, staff: &Actor) -> Result<Ticket, Problem> {
        let key = self.story().category;
        let at = self.later(12);
        let category = self.org.categories.iter().find(|c| c.key == key).cloned();
        let triage = Triage { category: Some(category), ..Triage::default() };
        let (ticket, mut events) = ticket.triage(staff, triage, at).map_err(|_| unexpected())?;
        let (ticket, more) = ticket.assign(staff, Some(staff), at).map_err(|_| unexpected())?;
        events.extend(more);
        self.save(ticket, staff.user_id, events)
    }

    fn reply(&mut self, ticket: Ticket, by: &Actor, text: &str) -> Result<Ticket, Problem> {
        let at = self.later(47);
        let posted = ticket
            .reply(by, MessageId(new_id()), Body::parse(text).map_err(|_| unexpected())?, true, at)
            .map_err(|_| unexpected())?;
        self.save_message(&ticket, &posted.message)?;
        if self.n % 9 == 4 && by.user_id == ticket.requester_id {
            self.attach(
                by,
                "screen.png",
                "image/png",
                PICTURE,
                Parent { ticket: ticket.id, message: Some(posted.message.id) },
            )?;
        }
        self.save(posted.ticket.ok_or_else(unexpected)?, by.user_id, posted.events)
    }

    fn note(&mut self, ticket: &Ticket, by: &Actor, text: &str) -> Result<(), Problem> {
        let at = self.later(3);
        let posted = ticket
            .add_note(by, MessageId(new_id()), Body::parse(text).map_err(|_| unexpected())?, at)
            .map_err(|_| unexpected())?;
        self.save_message(ticket, &posted.message)?;
        self.record(by.user_id, posted.events);
        Ok(())
    }

    fn resolve(&mut self, ticket: Ticket, by: &Actor, outcome: &str) -> Result<Ticket, Problem> {
        let at = self.later(180);
        let message = Body::parse(outcome).map_err(|_| unexpected())?;
        let resolved = ticket.resolve(
            by,
            MessageId(new_id()),
            message,
            Summary::parse(outcome).map_err(|_| unexpected())?,
            at,
        )?;
        if let Some(message) = &resolved.message {
            self.save_message(&ticket, message)?;
        }
        self.save(resolved.ticket, by.user_id, resolved.events)
    }

    fn save_message(&mut self, ticket: &Ticket, message: &Message) -> Result<(), Problem> {
        self.tx.thread(self.org.id, ticket.id).add(message)?;
        if message.visibility == orgs::Visibility::Public && message.author_id != ticket.requester_id {
            self.tx.tickets(self.org.id).count_unread_reply(ticket.id)?;
        }
        Ok(())
    }

    fn save(&mut self, ticket: Ticket, by: UserId, events: Vec<Event>) -> Result<Ticket, Problem> {
        let version = self.tx.tickets(self.org.id).save(&ticket)?;
        self.record(by, events);
        Ok(Ticket { version, ..ticket })
    }

    fn attach(
        &mut self,
        by: &Actor,
        filename: &str,
        content_type: &str,
        bytes: &'static [u8],
        parent: Parent,
    ) -> Result<(), Problem> {
        let key = new_id().simple().to_string();
        let file = Attachment {
            id: AttachmentId(new_id()),
            uploader_id: by.user_id,
            filename: filename.to_owned(),
            content_type: content_type.to_owned(),
            size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            sha256: hex(&Sha256::digest(bytes)),
            storage_key: key.clone(),
            ticket_id: None,
            message_id: None,
            created_at: self.at,
        };
        self.tx.attachments(self.org.id).add_attached(&file, parent)?;
        self.files.push((key, bytes));
        Ok(())
    }
}
