use std::cmp::Ordering;

use ::orgs::{LocationId, OrgId};
use ::tickets::{Approval, CategoryId, Priority, StaffScope, Status, TicketId, TicketScope, WaitingOn};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::StoreError;
use crate::db::connection::MultiBackend;
use crate::db::schema::tickets as t;
use crate::db::sql_types::{DbId, DbTime};
use crate::tickets::search::Words;
use crate::tickets::ticket_approval::approval;

/// Which tickets are selected; all conditions have to hold.
#[derive(Debug, Clone, Default)]
pub struct TicketFilter {
    /// With one of these statuses; empty: any.
    pub statuses: Vec<Status>,
    /// With one of these priorities; empty: any.
    pub priorities: Vec<Priority>,
    /// Pending approval, or not.
    pub awaits_approval: Option<bool>,
    /// With this assignee.
    pub assignee: Option<UserId>,
    /// With an assignee, or without one.
    pub has_assignee: Option<bool>,
    /// With this requester.
    pub requester: Option<UserId>,
    /// For this location.
    pub location: Option<LocationId>,
    /// In this category.
    pub category: Option<CategoryId>,
    /// Filed at this time or later.
    pub created_from: Option<DateTime<Utc>>,
    /// Filed before this time.
    pub created_before: Option<DateTime<Utc>>,
    /// Changed at this time or later.
    pub updated_from: Option<DateTime<Utc>>,
    /// With this number.
    pub number: Option<i64>,
    /// That contain these words.
    pub words: Option<Words>,
}

/// The sort key of a list; equal rows are sorted by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// Time of filing.
    CreatedAt,
    /// Time of the last change.
    UpdatedAt,
    /// Its priority.
    Priority,
}

impl SortKey {
    /// All values.
    pub const ALL: [Self; 3] = [Self::CreatedAt, Self::UpdatedAt, Self::Priority];

    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::Priority => "priority",
        }
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketSort {
    /// The sort key.
    pub key: SortKey,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

impl TicketSort {
    /// Compares two positions in a list of this order.
    pub(crate) fn compare(self, one: TicketPosition, other: TicketPosition) -> Ordering {
        let ascending = one.cmp(&other);
        if self.is_descending { ascending.reverse() } else { ascending }
    }
}

/// The last row of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TicketPosition {
    /// In a list sorted by a time.
    At(DateTime<Utc>, TicketId),
    /// In a list sorted by priority.
    Rank(i16, TicketId),
}

/// A ticket as lists show it, without its texts.
#[derive(Debug, Clone)]
pub struct ListedTicket {
    /// Unique ID.
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
    /// Whose action it is waiting for.
    pub waiting_on: Option<WaitingOn>,
    /// The approval that it needs.
    pub approval: Option<Approval>,
    /// Its location.
    pub location_id: LocationId,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// Its requester.
    pub requester_id: UserId,
    /// The person who filed it.
    pub created_by: UserId,
    /// Its assignee.
    pub assignee_id: Option<UserId>,
    /// The ticket that it continues.
    pub follow_up_of: Option<TicketId>,
    /// Time of filing.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
    /// When it was resolved.
    pub resolved_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = t)]
pub(crate) struct ListedRow {
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
    /// Its position in a list of this order.
    pub fn position(&self, sort: TicketSort) -> TicketPosition {
        match sort.key {
            SortKey::CreatedAt => TicketPosition::At(self.created_at, self.id),
            SortKey::UpdatedAt => TicketPosition::At(self.updated_at, self.id),
            SortKey::Priority => TicketPosition::Rank(self.priority.rank(), self.id),
        }
    }
}

pub(crate) type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, t::table, MultiBackend>;
pub(crate) type Condition = Box<dyn BoxableExpression<t::table, MultiBackend, SqlType = Bool>>;

/// The tickets of `org` in the scope: the only place where visibility becomes SQL.
pub(crate) fn visible<'a>(org: OrgId, scope: &TicketScope) -> Boxed<'a> {
    let query = t::table.filter(t::org_id.eq(DbId(org.0))).into_boxed();
    let parts = [staff_part(org, scope), representative_part(org, scope), requester_part(scope)];
    match parts.into_iter().flatten().reduce(|a, b| Box::new(a.or(b))) {
        Some(any) => query.filter(any),
        None => query.filter(diesel::dsl::sql::<Bool>("1 = 0")),
    }
}

/// The tickets of `org` within a reach.
pub(crate) fn reached(org: OrgId, reach: &StaffScope) -> Condition {
    within(org, reach).unwrap_or_else(|| Box::new(diesel::dsl::sql::<Bool>("1 = 0")))
}

fn staff_part(org: OrgId, scope: &TicketScope) -> Option<Condition> {
    within(org, &scope.as_staff)
}

/// Those that need or needed approval; `None` if the staff part covers the same.
fn representative_part(org: OrgId, scope: &TicketScope) -> Option<Condition> {
    if scope.as_staff == StaffScope::All || scope.as_staff == scope.as_representative {
        return None;
    }
    let reached = within(org, &scope.as_representative)?;
    Some(Box::new(t::approval.is_not_null().and(reached)))
}

/// Expresses even "all" in columns: a statement with hand-written SQL is prepared again each time.
pub(crate) fn within(org: OrgId, reach: &StaffScope) -> Option<Condition> {
    match reach {
        StaffScope::None => None,
        StaffScope::All => Some(Box::new(t::org_id.eq(DbId(org.0)))),
        StaffScope::Locations(ids) => {
            Some(Box::new(t::location_id.eq_any(ids.iter().map(|l| DbId(l.0)).collect::<Vec<_>>())))
        }
    }
}

/// Own tickets; `None` if another part covers all.
fn requester_part(scope: &TicketScope) -> Option<Condition> {
    let user = scope.as_requester.filter(|_| scope.as_staff != StaffScope::All)?;
    Some(Box::new(t::requester_id.eq(DbId(user.0))))
}
