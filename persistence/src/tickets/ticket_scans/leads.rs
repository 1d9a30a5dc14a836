//! The index of a scan, and where a page begins in it.

use ::orgs::OrgId;
use diesel::prelude::*;

use super::conditions::{Side, range};
use crate::db::connection::AnyConnection;
use crate::db::keyset;
use crate::db::schema::tickets as t;
use crate::db::sql_types::{DbId, DbTime};
use crate::db::window::{MAX_IDS_PER_STATEMENT, Source, Window};
use crate::tickets::ticket_filter::{Boxed, Condition, SortKey, TicketPosition, TicketSort};
use crate::tickets::ticket_scans::lead::IndexPrefix;
use crate::tickets::ticket_scans::list::TicketList;

impl IndexPrefix {
    /// Whether an index has the rows in the order of the list, so that there may be more after the scanned
    /// ones.
    pub(super) fn may_have_more(&self) -> bool {
        !matches!(self, Self::Ids(_) | Self::Number(_))
    }

    /// Whether the whole scan comes before a position.
    pub(super) fn is_passed(&self, sort: TicketSort, after: Option<TicketPosition>) -> bool {
        match (self, after) {
            (Self::Priority(priority), Some(TicketPosition::Rank(rank, _))) => match sort.is_descending {
                true => priority.rank() > rank,
                false => priority.rank() < rank,
            },
            _ => false,
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The sort order of rows that no index has in order.
    pub(super) fn own_order(&self, sort: TicketSort) -> Option<(&'static str, &'static str, bool)> {
        matches!(self, Self::Ids(_)).then(|| (sort.key.column(), "id", sort.is_descending))
    }

    /// The conditions with the beginning of the page, if the source does not begin there.
    pub(super) fn with_position(
        &self,
        mut conditions: Vec<Condition>,
        sort: TicketSort,
        after: Option<TicketPosition>,
    ) -> Vec<Condition> {
        if !self.may_have_more() {
            conditions.extend(behind(sort, after));
        }
        conditions
    }

    /// The first rows of the scan, `at_most`.
    pub(super) fn source(
        &self,
        conn: &AnyConnection,
        list: &TicketList<'_>,
        sort: TicketSort,
        after: Option<TicketPosition>,
        at_most: i64,
    ) -> TicketSource {
        match self {
            Self::Ids(ids) => listed(conn, list.org, ids),
            Self::Number(number) => Source::Limited(of_org(list.org).filter(t::number.eq(*number)).limit(1)),
            _ => Source::Limited(ordered_rows(list, self, sort, after).limit(at_most)),
        }
    }
}

/// The tickets of an organization with these ids, 1,000 at most.
pub(crate) fn with_ids<S>(
    conn: &AnyConnection,
    org: OrgId,
    ids: &[DbId],
    columns: S,
) -> Window<S, TicketSource, Condition> {
    let source = listed(conn, org, ids);
    Window {
        columns,
        source,
        table: "tickets",
        conditions: Vec::new(),
        order: None,
        limit: MAX_IDS_PER_STATEMENT,
    }
}

/// The rows that a window scans.
pub(crate) type TicketSource = Source<Boxed<'static>>;

fn listed(conn: &AnyConnection, org: OrgId, ids: &[DbId]) -> TicketSource {
    Source::of_ids(conn, ("tickets", "id"), DbId(org.0), ids, || {
        of_org(org).filter(t::id.eq_any(ids.to_vec())).limit(MAX_IDS_PER_STATEMENT)
    })
}

fn of_org<'a>(org: OrgId) -> Boxed<'a> {
    t::table.filter(t::org_id.eq(DbId(org.0))).into_boxed()
}

/// The rows of a scan from a position on, in order.
pub(super) fn ordered_rows<'a>(
    list: &TicketList<'_>,
    lead: &IndexPrefix,
    sort: TicketSort,
    after: Option<TicketPosition>,
) -> Boxed<'a> {
    let query = of_org(list.org);
    let query = match lead {
        IndexPrefix::Nothing | IndexPrefix::Ids(_) => query,
        IndexPrefix::Number(number) => query.filter(t::number.eq(*number)),
        IndexPrefix::Requester(user) => query.filter(t::requester_id.eq(DbId(user.0))),
        IndexPrefix::Assignee(Some(user)) => query.filter(t::assignee_id.eq(DbId(user.0))),
        IndexPrefix::Assignee(None) => query.filter(t::assignee_id.is_null()),
        IndexPrefix::Approval(word) => query.filter(t::approval.eq(*word)),
        IndexPrefix::Status(status) => query.filter(t::status.eq(status.as_str())),
        IndexPrefix::Location(location) => query.filter(t::location_id.eq(DbId(location.0))),
        IndexPrefix::Category(category) => query.filter(t::category_id.eq(DbId(category.0))),
        IndexPrefix::Priority(priority) => query.filter(t::priority.eq(priority.rank())),
    };
    let near = range(list.filter, sort, if after.is_some() { Side::Neither } else { Side::Near });
    let far = range(list.filter, sort, if lead.is_nothing() { Side::Far } else { Side::Neither });
    let begin = near.into_iter().chain(far).chain(starts_after(lead, sort, after));
    let query = begin.fold(query, |query, condition| query.filter(condition));
    match (sort.key, sort.is_descending) {
        (SortKey::CreatedAt, true) => query.order((t::created_at.desc(), t::id.desc())),
        (SortKey::CreatedAt, false) => query.order((t::created_at, t::id)),
        (SortKey::UpdatedAt, true) => query.order((t::updated_at.desc(), t::id.desc())),
        (SortKey::UpdatedAt, false) => query.order((t::updated_at, t::id)),
        (SortKey::Priority, true) => query.order((t::priority.desc(), t::id.desc())),
        (SortKey::Priority, false) => query.order((t::priority, t::id)),
    }
}

/// Where a scan begins. Within one priority only the id orders the rows: beside the lead, SQLite would not
/// begin at a place of both columns.
fn starts_after(lead: &IndexPrefix, sort: TicketSort, after: Option<TicketPosition>) -> Option<Condition> {
    match (lead, after) {
        (IndexPrefix::Priority(priority), Some(TicketPosition::Rank(rank, id)))
            if priority.rank() == rank =>
        {
            let id = DbId(id.0);
            Some(if sort.is_descending { Box::new(t::id.lt(id)) } else { Box::new(t::id.gt(id)) })
        }
        (IndexPrefix::Priority(_), _) => None,
        _ => behind(sort, after),
    }
}

/// The rows after a position in the order of the list.
fn behind(sort: TicketSort, position: Option<TicketPosition>) -> Option<Condition> {
    let is_descending = sort.is_descending;
    match (sort.key, position?) {
        (SortKey::CreatedAt, TicketPosition::At(at, id)) => {
            Some(Box::new(keyset::behind((t::created_at, t::id), (DbTime(at), DbId(id.0)), is_descending)))
        }
        (SortKey::UpdatedAt, TicketPosition::At(at, id)) => {
            Some(Box::new(keyset::behind((t::updated_at, t::id), (DbTime(at), DbId(id.0)), is_descending)))
        }
        (SortKey::Priority, TicketPosition::Rank(rank, id)) => {
            Some(Box::new(keyset::behind((t::priority, t::id), (rank, DbId(id.0)), is_descending)))
        }
        _ => None,
    }
}
