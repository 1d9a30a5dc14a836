use ::orgs::{LocationId, OrgId};
use ::tickets::{
    Approval, CategoryId, Details, Priority, Reason, Status, Subject, Summary, Ticket, TicketId, TicketScope,
    WaitingOn,
};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::connection::AnyConnection;
use crate::db::guarded_update::one_row;
use crate::db::schema::{org_counters, tickets as t};
use crate::db::sql_types::{DbId, DbTime, UuidColumn};
use crate::tickets::ticket_approval::approval;
use crate::tickets::ticket_filter::{SortKey, TicketFilter, TicketSort, visible};
use crate::tickets::ticket_scans::with_ids;
use crate::{Page, StoreError, Tx};

/// The tickets of one organization.
pub struct Tickets<'t, 'c> {
    tx: &'t mut Tx<'c>,
    org: OrgId,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = t)]
struct TicketRow {
    org_id: DbId,
    id: DbId,
    number: i64,
    subject: String,
    details: String,
    urgency: i16,
    priority: i16,
    status: String,
    waiting_on: Option<String>,
    approval: Option<String>,
    approval_by: Option<DbId>,
    approval_at: Option<DbTime>,
    location_id: DbId,
    category_id: Option<DbId>,
    requester_id: DbId,
    created_by: DbId,
    assignee_id: Option<DbId>,
    resolution_summary: Option<String>,
    close_reason: Option<String>,
    follow_up_of: Option<DbId>,
    created_at: DbTime,
    updated_at: DbTime,
    resolved_at: Option<DbTime>,
    closed_at: Option<DbTime>,
    version: i64,
}

#[derive(AsChangeset)]
#[diesel(table_name = t)]
struct TicketChanges {
    subject: Option<String>,
    details: Option<String>,
    priority: Option<i16>,
    status: Option<String>,
    waiting_on: Option<Option<String>>,
    approval: Option<Option<String>>,
    approval_by: Option<Option<DbId>>,
    approval_at: Option<Option<DbTime>>,
    location_id: Option<DbId>,
    category_id: Option<Option<DbId>>,
    assignee_id: Option<Option<DbId>>,
    resolution_summary: Option<Option<String>>,
    close_reason: Option<Option<String>>,
    updated_at: DbTime,
    resolved_at: Option<Option<DbTime>>,
    closed_at: Option<Option<DbTime>>,
    version: i64,
}

impl TicketChanges {
    fn between(before: TicketRow, after: TicketRow) -> Self {
        Self {
            subject: changed(before.subject, after.subject),
            details: changed(before.details, after.details),
            priority: changed(before.priority, after.priority),
            status: changed(before.status, after.status),
            waiting_on: changed(before.waiting_on, after.waiting_on),
            approval: changed(before.approval, after.approval),
            approval_by: changed(before.approval_by, after.approval_by),
            approval_at: changed(before.approval_at, after.approval_at),
            location_id: changed(before.location_id, after.location_id),
            category_id: changed(before.category_id, after.category_id),
            assignee_id: changed(before.assignee_id, after.assignee_id),
            resolution_summary: changed(before.resolution_summary, after.resolution_summary),
            close_reason: changed(before.close_reason, after.close_reason),
            updated_at: after.updated_at,
            resolved_at: changed(before.resolved_at, after.resolved_at),
            closed_at: changed(before.closed_at, after.closed_at),
            version: after.version + 1,
        }
    }
}

fn changed<T: PartialEq>(before: T, after: T) -> Option<T> {
    (before != after).then_some(after)
}

impl TryFrom<TicketRow> for Ticket {
    type Error = StoreError;

    fn try_from(row: TicketRow) -> Result<Self, StoreError> {
        let corrupt = |column| move |_| StoreError::Corrupt(column);
        Ok(Self {
            id: TicketId(row.id.0),
            org_id: OrgId(row.org_id.0),
            number: row.number,
            subject: Subject::stored(&row.subject).map_err(|_| StoreError::Corrupt("tickets.subject"))?,
            details: Details::parse(&row.details).map_err(corrupt("tickets.details"))?,
            urgency: Priority::from_rank(row.urgency).ok_or(StoreError::Corrupt("tickets.urgency"))?,
            priority: Priority::from_rank(row.priority).ok_or(StoreError::Corrupt("tickets.priority"))?,
            status: Status::parse(&row.status).ok_or(StoreError::Corrupt("tickets.status"))?,
            waiting_on: row
                .waiting_on
                .as_deref()
                .map(|w| WaitingOn::parse(w).ok_or(StoreError::Corrupt("tickets.waiting_on")))
                .transpose()?,
            approval: approval(row.approval.as_deref(), row.approval_by.as_ref(), row.approval_at.as_ref())?,
            location_id: LocationId(row.location_id.0),
            category_id: row.category_id.map(|id| CategoryId(id.0)),
            requester_id: UserId(row.requester_id.0),
            created_by: UserId(row.created_by.0),
            assignee_id: row.assignee_id.map(|id| UserId(id.0)),
            resolution_summary: row
                .resolution_summary
                .as_deref()
                .map(Summary::parse)
                .transpose()
                .map_err(corrupt("tickets.resolution_summary"))?,
            close_reason: row
                .close_reason
                .as_deref()
                .map(Reason::parse)
                .transpose()
                .map_err(corrupt("tickets.close_reason"))?,
            follow_up_of: row.follow_up_of.map(|id| TicketId(id.0)),
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            resolved_at: row.resolved_at.map(|at| at.0),
            closed_at: row.closed_at.map(|at| at.0),
            version: row.version,
        })
    }
}

impl From<&Ticket> for TicketRow {
    fn from(ticket: &Ticket) -> Self {
        Self {
            org_id: DbId(ticket.org_id.0),
            id: DbId(ticket.id.0),
            number: ticket.number,
            subject: ticket.subject.as_str().to_owned(),
            details: ticket.details.as_str().to_owned(),
            urgency: ticket.urgency.rank(),
            priority: ticket.priority.rank(),
            status: ticket.status.as_str().to_owned(),
            waiting_on: ticket.waiting_on.map(|w| w.as_str().to_owned()),
            approval: ticket.approval.map(|a| a.as_str().to_owned()),
            approval_by: ticket.approval.and_then(Approval::decided).map(|d| DbId(d.by.0)),
            approval_at: ticket.approval.and_then(Approval::decided).map(|d| DbTime(d.at)),
            location_id: DbId(ticket.location_id.0),
            category_id: ticket.category_id.map(|id| DbId(id.0)),
            requester_id: DbId(ticket.requester_id.0),
            created_by: DbId(ticket.created_by.0),
            assignee_id: ticket.assignee_id.map(|id| DbId(id.0)),
            resolution_summary: ticket.resolution_summary.as_ref().map(|s| s.as_str().to_owned()),
            close_reason: ticket.close_reason.as_ref().map(|r| r.as_str().to_owned()),
            follow_up_of: ticket.follow_up_of.map(|id| DbId(id.0)),
            created_at: DbTime(ticket.created_at),
            updated_at: DbTime(ticket.updated_at),
            resolved_at: ticket.resolved_at.map(DbTime),
            closed_at: ticket.closed_at.map(DbTime),
            version: ticket.version,
        }
    }
}

impl<'c> Tx<'c> {
    /// The tickets of `org`.
    pub fn tickets(&mut self, org: OrgId) -> Tickets<'_, 'c> {
        Tickets { tx: self, org }
    }
}

impl Tickets<'_, '_> {
    /// Takes the next number (S004-17). It is used up only if the transaction commits, so there is neither
    /// gap nor duplicate.
    pub fn take_number(&mut self) -> Result<i64, StoreError> {
        let counter = org_counters::table.find(DbId(self.org.0));
        let taken = diesel::update(counter)
            .set(org_counters::last_ticket_number.eq(org_counters::last_ticket_number + 1))
            .returning(org_counters::last_ticket_number)
            .get_result(self.tx.conn)?;
        Ok(taken)
    }

    /// Adds a ticket.
    pub fn add(&mut self, ticket: &Ticket) -> Result<(), StoreError> {
        let row = (TicketRow::from(ticket), t::unread_reply_count.eq(0));
        diesel::insert_into(t::table).values(row).execute(self.tx.conn)?;
        Ok(())
    }

    /// The ticket with this id, if it is in the scope.
    pub fn find(&mut self, scope: &TicketScope, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        let row = visible(self.org, scope)
            .filter(t::id.eq(DbId(id.0)))
            .select(TicketRow::as_select())
            .first(self.tx.conn)
            .optional()?;
        row.map(Ticket::try_from).transpose()
    }

    /// The same, for a transaction that will change it: others who want to change it wait for this one.
    pub fn find_to_change(
        &mut self,
        scope: &TicketScope,
        id: TicketId,
    ) -> Result<Option<Ticket>, StoreError> {
        if let AnyConnection::Postgres(conn) = &mut *self.tx.conn {
            diesel::sql_query("SELECT 1 FROM tickets WHERE org_id = $1 AND id = $2 FOR UPDATE")
                .bind::<UuidColumn, _>(DbId(self.org.0))
                .bind::<UuidColumn, _>(DbId(id.0))
                .execute(conn)?;
        }
        self.find(scope, id)
    }

    /// Saves a ticket, and returns its new version.
    ///
    /// Only changed columns are written: a column that is set costs its indexes, changed or not.
    pub fn save(&mut self, ticket: &Ticket) -> Result<i64, StoreError> {
        let after = TicketRow::from(ticket);
        let row = t::table.find((after.org_id, after.id));
        let before = row.select(TicketRow::as_select()).first(self.tx.conn)?;
        let unchanged = row.filter(t::version.eq(ticket.version));
        one_row(diesel::update(unchanged).set(TicketChanges::between(before, after)).execute(self.tx.conn)?)?;
        Ok(ticket.version + 1)
    }

    /// The tickets in the scope, the last changed first, as lists find them.
    pub(crate) fn latest_shown(
        &mut self,
        scope: &TicketScope,
        at_most: i64,
    ) -> Result<Vec<Ticket>, StoreError> {
        let sort = TicketSort { key: SortKey::UpdatedAt, is_descending: true };
        let page = Page { after: None, limit: at_most - 1 };
        let found = self.tx.list_tickets(self.org, scope, &TicketFilter::default(), sort, page)?;
        let ids: Vec<DbId> = found.rows.iter().map(|ticket| DbId(ticket.id.0)).collect();
        let rows: Vec<TicketRow> =
            with_ids(self.tx.conn, self.org, &ids, TicketRow::as_select()).load(self.tx.conn)?;
        rows.into_iter().map(Ticket::try_from).collect()
    }

    /// Some of the tickets that a person filed, the oldest first.
    pub(crate) fn some_of(
        &mut self,
        requester: UserId,
        page: Page<(DateTime<Utc>, TicketId)>,
    ) -> Result<Vec<Ticket>, StoreError> {
        let mut query = t::table
            .filter(t::org_id.eq(DbId(self.org.0)))
            .filter(t::requester_id.eq(DbId(requester.0)))
            .order((t::created_at, t::id))
            .limit(page.limit)
            .select(TicketRow::as_select())
            .into_boxed();
        if let Some((at, id)) = page.after {
            let later =
                t::created_at.gt(DbTime(at)).or(t::created_at.eq(DbTime(at)).and(t::id.gt(DbId(id.0))));
            query = query.filter(t::created_at.ge(DbTime(at))).filter(later);
        }
        let rows: Vec<TicketRow> = query.load(self.tx.conn)?;
        rows.into_iter().map(Ticket::try_from).collect()
    }

    /// Counts a reply that the requester has not read.
    pub fn count_unread_reply(&mut self, id: TicketId) -> Result<(), StoreError> {
        let row = t::table.find((DbId(self.org.0), DbId(id.0)));
        diesel::update(row).set(t::unread_reply_count.eq(t::unread_reply_count + 1)).execute(self.tx.conn)?;
        Ok(())
    }

    /// Sets how many replies the requester has not read.
    pub fn set_unread_replies(&mut self, id: TicketId, count: i64) -> Result<(), StoreError> {
        let row = t::table.find((DbId(self.org.0), DbId(id.0)));
        diesel::update(row).set(t::unread_reply_count.eq(count)).execute(self.tx.conn)?;
        Ok(())
    }

    /// A requester's unresolved tickets and unread replies (S004-22).
    pub fn summary_of(&mut self, requester: UserId) -> Result<(i64, i64), StoreError> {
        let own =
            || t::table.filter(t::org_id.eq(DbId(self.org.0))).filter(t::requester_id.eq(DbId(requester.0)));
        let unresolved: Vec<&str> =
            Status::ALL.into_iter().filter(|s| s.is_unresolved()).map(Status::as_str).collect();
        let open = own().filter(t::status.eq_any(unresolved)).count().get_result(self.tx.conn)?;
        // A literal, as in the predicate of `tickets_with_unread_replies`: with a parameter, the partial
        // index could not be used.
        let is_unread = sql::<Bool>("tickets.unread_reply_count > 0");
        let unread: Vec<i64> = own().filter(is_unread).select(t::unread_reply_count).load(self.tx.conn)?;
        Ok((open, unread.iter().sum()))
    }
}
