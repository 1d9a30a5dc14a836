use ::orgs::{LocationId, OrgId};
use ::tickets::{Approval, CategoryId, Priority, StaffScope, Status, TicketId, TicketScope, WaitingOn};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::connection::MultiBackend;
use crate::schema::{ticket_search, tickets as t};
use crate::search::{Hits, Words, hits};
use crate::sql_types::{DbId, DbTime};
use crate::tickets::approval;
use crate::{Page, StoreError, Tx};

/// Which tickets are wanted; everything given has to hold.
#[derive(Debug, Clone, Default)]
pub struct TicketFilter {
    /// In one of these statuses; empty: in any.
    pub statuses: Vec<Status>,
    /// Of one of these priorities; empty: of any.
    pub priorities: Vec<Priority>,
    /// Waiting for a representative, or not.
    pub awaits_approval: Option<bool>,
    /// Of this assignee.
    pub assignee: Option<UserId>,
    /// With an assignee, or without one.
    pub has_assignee: Option<bool>,
    /// Of this requester.
    pub requester: Option<UserId>,
    /// For this location.
    pub location: Option<LocationId>,
    /// In this category.
    pub category: Option<CategoryId>,
    /// Filed at this instant or later.
    pub created_from: Option<DateTime<Utc>>,
    /// Filed before this instant.
    pub created_before: Option<DateTime<Utc>>,
    /// Changed at this instant or later.
    pub updated_from: Option<DateTime<Utc>>,
    /// With this number.
    pub number: Option<i64>,
    /// Holding these words.
    pub words: Option<Words>,
}

/// What a list is sorted by; the id decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// When it was filed.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// Its priority.
    Priority,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketSort {
    /// By what.
    pub key: SortKey,
    /// The greatest first.
    pub is_descending: bool,
}

/// Where a page of a list ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketPosition {
    /// In a list sorted by an instant.
    At(DateTime<Utc>, TicketId),
    /// In a list sorted by priority.
    Rank(i16, TicketId),
}

/// A ticket as lists show it, without its texts.
#[derive(Debug, Clone)]
pub struct ListedTicket {
    /// Its identity.
    pub id: TicketId,
    /// Its number.
    pub number: i64,
    /// Its subject.
    pub subject: String,
    /// The requester's urgency.
    pub urgency: Priority,
    /// The staff's priority.
    pub priority: Priority,
    /// Its status.
    pub status: Status,
    /// What it waits for.
    pub waiting_on: Option<WaitingOn>,
    /// The leave it needs.
    pub approval: Option<Approval>,
    /// Its location.
    pub location_id: LocationId,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// Its requester.
    pub requester_id: UserId,
    /// Who filed it.
    pub created_by: UserId,
    /// Its assignee.
    pub assignee_id: Option<UserId>,
    /// The ticket that it continues.
    pub follow_up_of: Option<TicketId>,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
struct ListedRow {
    id: DbId,
    number: i64,
    subject: String,
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
    follow_up_of: Option<DbId>,
    created_at: DbTime,
    updated_at: DbTime,
    resolved_at: Option<DbTime>,
    closed_at: Option<DbTime>,
}

impl TryFrom<ListedRow> for ListedTicket {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: TicketId(row.id.0),
            number: row.number,
            subject: row.subject,
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
            follow_up_of: row.follow_up_of.map(|id| TicketId(id.0)),
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            resolved_at: row.resolved_at.map(|at| at.0),
            closed_at: row.closed_at.map(|at| at.0),
        })
    }
}

impl ListedTicket {
    /// Its place in a list of this order.
    pub fn position(&self, sort: TicketSort) -> TicketPosition {
        match sort.key {
            SortKey::CreatedAt => TicketPosition::At(self.created_at, self.id),
            SortKey::UpdatedAt => TicketPosition::At(self.updated_at, self.id),
            SortKey::Priority => TicketPosition::Rank(self.priority.rank(), self.id),
        }
    }
}

pub(crate) type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, t::table, MultiBackend>;
type Condition = Box<dyn BoxableExpression<t::table, MultiBackend, SqlType = Bool>>;

/// The tickets of `org` that the scope shows: the one place where sight becomes SQL.
pub(crate) fn visible<'a>(org: OrgId, scope: &TicketScope) -> Boxed<'a> {
    let query = t::table.filter(t::org_id.eq(DbId(org.0))).into_boxed();
    let parts = [staff_part(org, scope), representative_part(org, scope), requester_part(scope)];
    match parts.into_iter().flatten().reduce(|a, b| Box::new(a.or(b))) {
        Some(any) => query.filter(any),
        None => query.filter(diesel::dsl::sql::<Bool>("1 = 0")),
    }
}

/// The tickets of `org` that a reach holds.
pub(crate) fn reached<'a>(org: OrgId, reach: &StaffScope) -> Boxed<'a> {
    let query = t::table.filter(t::org_id.eq(DbId(org.0))).into_boxed();
    match within(org, reach) {
        Some(reached) => query.filter(reached),
        None => query.filter(diesel::dsl::sql::<Bool>("1 = 0")),
    }
}

fn staff_part(org: OrgId, scope: &TicketScope) -> Option<Condition> {
    within(org, &scope.as_staff)
}

/// Those that need leave, or needed it; for whoever works on the same anyway it adds nothing.
fn representative_part(org: OrgId, scope: &TicketScope) -> Option<Condition> {
    if scope.as_staff == StaffScope::All || scope.as_staff == scope.as_representative {
        return None;
    }
    let reached = within(org, &scope.as_representative)?;
    Some(Box::new(t::approval.is_not_null().and(reached)))
}

/// Says even "all" in terms of the columns: a statement with SQL written by hand is prepared anew each time.
pub(crate) fn within(org: OrgId, reach: &StaffScope) -> Option<Condition> {
    match reach {
        StaffScope::None => None,
        StaffScope::All => Some(Box::new(t::org_id.eq(DbId(org.0)))),
        StaffScope::Locations(ids) => {
            Some(Box::new(t::location_id.eq_any(ids.iter().map(|l| DbId(l.0)).collect::<Vec<_>>())))
        }
    }
}

/// Own tickets; for whoever sees all anyway it adds nothing.
fn requester_part(scope: &TicketScope) -> Option<Condition> {
    let user = scope.as_requester.filter(|_| scope.as_staff != StaffScope::All)?;
    Some(Box::new(t::requester_id.eq(DbId(user.0))))
}

impl Tx<'_> {
    /// A page of the tickets that the scope shows.
    pub fn list_tickets(
        &mut self,
        org: OrgId,
        scope: &TicketScope,
        filter: &TicketFilter,
        sort: TicketSort,
        page: Page<TicketPosition>,
    ) -> Result<Vec<ListedTicket>, StoreError> {
        let Some(query) = self.matching(org, scope, filter)? else { return Ok(Vec::new()) };
        let query = sorted(after(query, sort, page.after), sort).limit(page.rows());
        let rows: Vec<ListedRow> = query.select(ListedRow::as_select()).load(self.conn)?;
        rows.into_iter().map(ListedTicket::try_from).collect()
    }

    /// How many tickets the scope shows, counted to `at_most`.
    pub fn count_tickets(
        &mut self,
        org: OrgId,
        scope: &TicketScope,
        filter: &TicketFilter,
        at_most: i64,
    ) -> Result<i64, StoreError> {
        let Some(query) = self.matching(org, scope, filter)? else { return Ok(0) };
        let found: Vec<i64> = query.select(t::number).limit(at_most).load(self.conn)?;
        Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
    }

    fn matching<'a>(
        &mut self,
        org: OrgId,
        scope: &TicketScope,
        filter: &TicketFilter,
    ) -> Result<Option<Boxed<'a>>, StoreError> {
        let query = narrowed(visible(org, scope), filter);
        let Some(words) = &filter.words else { return Ok(Some(query)) };
        if words.is_empty() {
            return Ok(None);
        }
        // Notes are looked through only for the tickets that the caller works on.
        let mut parts = Vec::<Condition>::new();
        if let Some(staff) = staff_part(org, scope) {
            parts.push(Box::new(staff.and(self.holding(org, words, true)?)));
        }
        for others in [representative_part(org, scope), requester_part(scope)].into_iter().flatten() {
            parts.push(Box::new(others.and(self.holding(org, words, false)?)));
        }
        let any = parts.into_iter().reduce(|a, b| Box::new(a.or(b)));
        Ok(any.map(|any| query.filter(any)))
    }

    fn holding(&mut self, org: OrgId, words: &Words, with_notes: bool) -> Result<Condition, StoreError> {
        if let Hits::Few(ids) = hits(self.conn, org, words, with_notes)? {
            return Ok(Box::new(t::id.eq_any(ids)));
        }
        let doc = || {
            ticket_search::table
                .filter(ticket_search::org_id.eq(t::org_id))
                .filter(ticket_search::ticket_id.eq(t::id))
        };
        let mut condition: Condition = Box::new(diesel::dsl::sql::<Bool>("1 = 1"));
        for pattern in words.patterns() {
            condition = if with_notes {
                let either = ticket_search::public_words
                    .like(pattern.clone())
                    .or(ticket_search::staff_words.like(pattern));
                Box::new(condition.and(exists(doc().filter(either))))
            } else {
                Box::new(condition.and(exists(doc().filter(ticket_search::public_words.like(pattern)))))
            };
        }
        Ok(condition)
    }
}

fn narrowed<'a>(mut query: Boxed<'a>, filter: &TicketFilter) -> Boxed<'a> {
    if !filter.statuses.is_empty() {
        query =
            query.filter(t::status.eq_any(filter.statuses.iter().map(|s| s.as_str()).collect::<Vec<_>>()));
    }
    if !filter.priorities.is_empty() {
        query =
            query.filter(t::priority.eq_any(filter.priorities.iter().map(|p| p.rank()).collect::<Vec<_>>()));
    }
    let waiting = Approval::Waiting.as_str();
    match filter.awaits_approval {
        Some(true) => query = query.filter(t::approval.eq(waiting)),
        Some(false) => {
            query = query.filter(t::approval.is_null().or(t::approval.ne(waiting).assume_not_null()))
        }
        None => {}
    }
    if let Some(assignee) = filter.assignee {
        query = query.filter(t::assignee_id.eq(DbId(assignee.0)));
    }
    match filter.has_assignee {
        Some(true) => query = query.filter(t::assignee_id.is_not_null()),
        Some(false) => query = query.filter(t::assignee_id.is_null()),
        None => {}
    }
    if let Some(requester) = filter.requester {
        query = query.filter(t::requester_id.eq(DbId(requester.0)));
    }
    if let Some(location) = filter.location {
        query = query.filter(t::location_id.eq(DbId(location.0)));
    }
    if let Some(category) = filter.category {
        query = query.filter(t::category_id.eq(DbId(category.0)));
    }
    if let Some(from) = filter.created_from {
        query = query.filter(t::created_at.ge(DbTime(from)));
    }
    if let Some(before) = filter.created_before {
        query = query.filter(t::created_at.lt(DbTime(before)));
    }
    if let Some(from) = filter.updated_from {
        query = query.filter(t::updated_at.ge(DbTime(from)));
    }
    if let Some(number) = filter.number {
        query = query.filter(t::number.eq(number));
    }
    query
}

/// What follows a position. The first comparison alone lets the index begin there.
fn after<'a>(query: Boxed<'a>, sort: TicketSort, position: Option<TicketPosition>) -> Boxed<'a> {
    match (sort.key, sort.is_descending, position) {
        (SortKey::CreatedAt, true, Some(TicketPosition::At(at, id))) => query
            .filter(t::created_at.le(DbTime(at)))
            .filter(t::created_at.lt(DbTime(at)).or(t::id.lt(DbId(id.0)))),
        (SortKey::CreatedAt, false, Some(TicketPosition::At(at, id))) => query
            .filter(t::created_at.ge(DbTime(at)))
            .filter(t::created_at.gt(DbTime(at)).or(t::id.gt(DbId(id.0)))),
        (SortKey::UpdatedAt, true, Some(TicketPosition::At(at, id))) => query
            .filter(t::updated_at.le(DbTime(at)))
            .filter(t::updated_at.lt(DbTime(at)).or(t::id.lt(DbId(id.0)))),
        (SortKey::UpdatedAt, false, Some(TicketPosition::At(at, id))) => query
            .filter(t::updated_at.ge(DbTime(at)))
            .filter(t::updated_at.gt(DbTime(at)).or(t::id.gt(DbId(id.0)))),
        (SortKey::Priority, true, Some(TicketPosition::Rank(rank, id))) => {
            query.filter(t::priority.le(rank)).filter(t::priority.lt(rank).or(t::id.lt(DbId(id.0))))
        }
        (SortKey::Priority, false, Some(TicketPosition::Rank(rank, id))) => {
            query.filter(t::priority.ge(rank)).filter(t::priority.gt(rank).or(t::id.gt(DbId(id.0))))
        }
        _ => query,
    }
}

fn sorted(query: Boxed<'_>, sort: TicketSort) -> Boxed<'_> {
    match (sort.key, sort.is_descending) {
        (SortKey::CreatedAt, true) => query.order((t::created_at.desc(), t::id.desc())),
        (SortKey::CreatedAt, false) => query.order((t::created_at, t::id)),
        (SortKey::UpdatedAt, true) => query.order((t::updated_at.desc(), t::id.desc())),
        (SortKey::UpdatedAt, false) => query.order((t::updated_at, t::id)),
        (SortKey::Priority, true) => query.order((t::priority.desc(), t::id.desc())),
        (SortKey::Priority, false) => query.order((t::priority, t::id)),
    }
}
