use ::orgs::{OrgId, Visibility};
use ::tickets::{Body, Message, MessageId, TicketId};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::messages as m;
use crate::db::sql_types::{DbId, DbTime};
use crate::{Page, StoreError, Tx};

/// The thread of one ticket.
pub struct Thread<'t, 'c> {
    tx: &'t mut Tx<'c>,
    org: OrgId,
    ticket: TicketId,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = m)]
struct MessageRow {
    org_id: DbId,
    id: DbId,
    ticket_id: DbId,
    author_id: DbId,
    visibility: String,
    body: String,
    created_at: DbTime,
}

impl TryFrom<MessageRow> for Message {
    type Error = StoreError;

    fn try_from(row: MessageRow) -> Result<Self, StoreError> {
        let is_public = row.visibility == Visibility::Public.as_str();
        Ok(Self {
            id: MessageId(row.id.0),
            ticket_id: TicketId(row.ticket_id.0),
            author_id: UserId(row.author_id.0),
            visibility: if is_public { Visibility::Public } else { Visibility::Staff },
            body: Body::parse(&row.body).map_err(|_| StoreError::Corrupt("messages.body"))?,
            created_at: row.created_at.0,
        })
    }
}

impl<'c> Tx<'c> {
    /// The thread of a ticket that the caller may see.
    pub fn thread(&mut self, org: OrgId, ticket: TicketId) -> Thread<'_, 'c> {
        Thread { tx: self, org, ticket }
    }
}

impl Thread<'_, '_> {
    fn of_ticket<'a>(
        &self,
        with_notes: bool,
    ) -> diesel::helper_types::IntoBoxed<'a, m::table, crate::db::connection::MultiBackend> {
        let query = m::table
            .filter(m::org_id.eq(DbId(self.org.0)))
            .filter(m::ticket_id.eq(DbId(self.ticket.0)))
            .into_boxed();
        if with_notes { query } else { query.filter(m::visibility.eq(Visibility::Public.as_str())) }
    }

    /// Adds a message, and its words to the search index.
    pub fn add(&mut self, message: &Message) -> Result<(), StoreError> {
        let row = MessageRow {
            org_id: DbId(self.org.0),
            id: DbId(message.id.0),
            ticket_id: DbId(self.ticket.0),
            author_id: DbId(message.author_id.0),
            visibility: message.visibility.as_str().to_owned(),
            body: message.body.as_str().to_owned(),
            created_at: DbTime(message.created_at),
        };
        diesel::insert_into(m::table).values(row).execute(self.tx.conn)?;
        let is_note = message.visibility == Visibility::Staff;
        self.tx.index_message(self.org, self.ticket, message.body.as_str(), is_note)
    }

    /// The message with this id; notes only if requested.
    pub fn find(&mut self, id: MessageId, with_notes: bool) -> Result<Option<Message>, StoreError> {
        let row = self
            .of_ticket(with_notes)
            .filter(m::id.eq(DbId(id.0)))
            .select(MessageRow::as_select())
            .first(self.tx.conn)
            .optional()?;
        row.map(Message::try_from).transpose()
    }

    /// Messages, the oldest first; notes only if requested.
    pub fn list(
        &mut self,
        with_notes: bool,
        page: Page<(DateTime<Utc>, MessageId)>,
    ) -> Result<Vec<Message>, StoreError> {
        let mut query = self.of_ticket(with_notes).order((m::created_at, m::id)).limit(page.rows());
        if let Some((at, id)) = page.after {
            query = query
                .filter(m::created_at.ge(DbTime(at)))
                .filter(m::created_at.gt(DbTime(at)).or(m::id.gt(DbId(id.0))));
        }
        query.select(MessageRow::as_select()).load(self.tx.conn)?.into_iter().map(Message::try_from).collect()
    }

    /// Number of public messages of others after `since`.
    pub fn replies_after(&mut self, since: DateTime<Utc>, reader: UserId) -> Result<i64, StoreError> {
        let query = self
            .of_ticket(false)
            .filter(m::created_at.gt(DbTime(since)))
            .filter(m::author_id.ne(DbId(reader.0)));
        Ok(query.count().get_result(self.tx.conn)?)
    }
}
