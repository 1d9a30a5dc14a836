use std::collections::BTreeSet;

use ::orgs::OrgId;
use ::tickets::{Attachment, AttachmentId, MessageId, TicketId};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::guarded_update::one_row;
use crate::db::schema::attachments as a;
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

/// The files of one organization.
pub struct Attachments<'t, 'c> {
    pub(crate) tx: &'t mut Tx<'c>,
    pub(crate) org: OrgId,
}

/// The ticket and message of a file.
#[derive(Debug, Clone, Copy)]
pub struct Parent {
    /// The ticket.
    pub ticket: TicketId,
    /// The message, unless the file came with the opening request.
    pub message: Option<MessageId>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = a)]
struct AttachmentRow {
    org_id: DbId,
    id: DbId,
    uploader_id: DbId,
    filename: String,
    content_type: String,
    size_bytes: i64,
    sha256: String,
    storage_key: String,
    ticket_id: Option<DbId>,
    message_id: Option<DbId>,
    created_at: DbTime,
}

impl From<AttachmentRow> for Attachment {
    fn from(row: AttachmentRow) -> Self {
        Self {
            id: AttachmentId(row.id.0),
            uploader_id: UserId(row.uploader_id.0),
            filename: row.filename,
            content_type: row.content_type,
            size_bytes: row.size_bytes,
            sha256: row.sha256,
            storage_key: row.storage_key,
            ticket_id: row.ticket_id.map(|id| TicketId(id.0)),
            message_id: row.message_id.map(|id| MessageId(id.0)),
            created_at: row.created_at.0,
        }
    }
}

impl<'c> Tx<'c> {
    /// The files of `org`.
    pub fn attachments(&mut self, org: OrgId) -> Attachments<'_, 'c> {
        Attachments { tx: self, org }
    }
}

impl Attachments<'_, '_> {
    /// Turns a reserved upload (see [`Attachments::reserve`]) into a pending file. Returns false if the
    /// reservation has ended: then nothing is changed, and the sweep removes the file.
    pub fn add(
        &mut self,
        attachment: &Attachment,
        reserved_until: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        if !self.end_reservation(attachment, reserved_until)? {
            return Ok(false);
        }
        self.insert(attachment, None)?;
        Ok(true)
    }

    /// Adds a file that belongs to a ticket from the start, without any limits: for the demo world.
    pub fn add_attached(&mut self, attachment: &Attachment, parent: Parent) -> Result<(), StoreError> {
        self.insert(attachment, Some(parent))?;
        self.count_bytes(attachment.size_bytes).map(drop)
    }

    fn insert(&mut self, attachment: &Attachment, parent: Option<Parent>) -> Result<(), StoreError> {
        let row = AttachmentRow {
            org_id: DbId(self.org.0),
            id: DbId(attachment.id.0),
            uploader_id: DbId(attachment.uploader_id.0),
            filename: attachment.filename.clone(),
            content_type: attachment.content_type.clone(),
            size_bytes: attachment.size_bytes,
            sha256: attachment.sha256.clone(),
            storage_key: attachment.storage_key.clone(),
            ticket_id: parent.map(|parent| DbId(parent.ticket.0)),
            message_id: parent.and_then(|parent| parent.message).map(|message| DbId(message.0)),
            created_at: DbTime(attachment.created_at),
        };
        diesel::insert_into(a::table).values(row).execute(self.tx.conn)?;
        Ok(())
    }

    /// The file with this id.
    pub fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StoreError> {
        Ok(self.among(&[id])?.pop())
    }

    /// Those of `ids` that exist in the organization.
    pub fn among(&mut self, ids: &[AttachmentId]) -> Result<Vec<Attachment>, StoreError> {
        let ids: Vec<DbId> = ids.iter().map(|id| DbId(id.0)).collect();
        let rows = a::table
            .filter(a::org_id.eq(DbId(self.org.0)))
            .filter(a::id.eq_any(ids))
            .order(a::id)
            .select(AttachmentRow::as_select())
            .load(self.tx.conn)?;
        Ok(rows.into_iter().map(Attachment::from).collect())
    }

    /// The files that came with a ticket's opening request.
    pub fn of_request(&mut self, ticket: TicketId) -> Result<Vec<Attachment>, StoreError> {
        let rows = a::table
            .filter(a::org_id.eq(DbId(self.org.0)))
            .filter(a::ticket_id.eq(DbId(ticket.0)))
            .filter(a::message_id.is_null())
            .order(a::id)
            .select(AttachmentRow::as_select())
            .load(self.tx.conn)?;
        Ok(rows.into_iter().map(Attachment::from).collect())
    }

    /// The files of these messages.
    ///
    /// Selected by the first and last id, not by all of them: a statement of one shape is prepared once.
    pub fn of_messages(
        &mut self,
        ticket: TicketId,
        messages: &[MessageId],
    ) -> Result<Vec<Attachment>, StoreError> {
        let ids: BTreeSet<Uuid> = messages.iter().map(|id| id.0).collect();
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(Vec::new()) };
        let rows: Vec<AttachmentRow> = a::table
            .filter(a::org_id.eq(DbId(self.org.0)))
            .filter(a::ticket_id.eq(DbId(ticket.0)))
            .filter(a::message_id.ge(DbId(*first)))
            .filter(a::message_id.le(DbId(*last)))
            .order(a::id)
            .select(AttachmentRow::as_select())
            .load(self.tx.conn)?;
        let is_wanted = |file: &Attachment| file.message_id.is_some_and(|id| ids.contains(&id.0));
        Ok(rows.into_iter().map(Attachment::from).filter(is_wanted).collect())
    }

    /// Attaches pending files. Of two submissions with the same file, one is `Stale` and finds it used.
    pub fn attach(&mut self, ids: &[AttachmentId], parent: Parent) -> Result<(), StoreError> {
        for id in ids {
            self.end_pending(*id)?;
            let pending = a::table.find((DbId(self.org.0), DbId(id.0))).filter(a::ticket_id.is_null());
            let home =
                (a::ticket_id.eq(DbId(parent.ticket.0)), a::message_id.eq(parent.message.map(|m| DbId(m.0))));
            one_row(diesel::update(pending).set(home).execute(self.tx.conn)?)?;
        }
        Ok(())
    }

    /// Removes a pending file. Its bytes are counted until they are removed: [`Attachments::forget`].
    pub fn remove(&mut self, attachment: &Attachment, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.mark_removed(attachment.id, now)?;
        one_row(self.remove_pending(attachment.id)?)
    }

    /// Removes the row of a file unless it belongs to a ticket; returns the number of rows.
    pub(crate) fn remove_pending(&mut self, id: AttachmentId) -> Result<usize, StoreError> {
        let pending = a::table.find((DbId(self.org.0), DbId(id.0))).filter(a::ticket_id.is_null());
        Ok(diesel::delete(pending).execute(self.tx.conn)?)
    }

    /// Whether a file belongs to a ticket.
    pub(crate) fn is_attached(&mut self, id: AttachmentId) -> Result<bool, StoreError> {
        Ok(self.find(id)?.is_some_and(|file| file.ticket_id.is_some()))
    }
}
