//! Lists of tickets as scans along indexes.
//!
//! The scope and the filter are split into scans. Each begins with a column that leads an index, and reads
//! its rows in the order of the list. Other conditions are checked for each row, of a bounded number of rows.
//! The scans are merged; a row of several scans is shown once.

mod conditions;
mod lead;
mod leads;
pub(crate) mod list;
mod parts;

use std::collections::BTreeSet;

use ::orgs::OrgId;
use ::tickets::{TicketId, TicketScope};
use conditions::{filtered, holding, is_over, ranged};
use diesel::prelude::*;
use leads::ordered_rows;
use parts::Part;

use crate::db::schema::tickets as t;
use crate::db::sql_types::{DbId, DbTime};
use crate::db::window::{Counted, Found, MAX_SCANNED_ROWS, Window, repeated};
use crate::tickets::search::{Hits, hits};
use crate::tickets::ticket_filter::{
    Condition, ListedRow, ListedTicket, SortKey, TicketFilter, TicketPosition, TicketSort, reached,
};
use crate::tickets::ticket_scans::lead::IndexPrefix;
use crate::tickets::ticket_scans::list::TicketList;
use crate::{Page, StoreError, Tx};

pub(crate) use leads::with_ids;

/// Some of the tickets of a list, in its order.
struct IndexScan {
    lead: IndexPrefix,
    /// The conditions beyond the lead.
    conditions: Vec<Condition>,
}

impl Tx<'_> {
    /// A page of the tickets in the scope.
    ///
    /// Scans 5,000 rows at most: without an index for the filters, a page may have fewer rows than requested,
    /// even none, and continue after [`Found::scanned_until`].
    pub fn list_tickets(
        &mut self,
        org: OrgId,
        scope: &TicketScope,
        filter: &TicketFilter,
        sort: TicketSort,
        page: Page<TicketPosition>,
    ) -> Result<Found<ListedTicket, TicketPosition>, StoreError> {
        self.found_tickets(&TicketList { org, scope, filter, reach: None }, sort, page)
    }

    /// The number of tickets in the scope, counted to `at_most`, and scanning about as many rows.
    pub fn count_tickets(
        &mut self,
        org: OrgId,
        scope: &TicketScope,
        filter: &TicketFilter,
        at_most: i64,
    ) -> Result<Counted, StoreError> {
        let (ids, is_exact) =
            self.ids_of_tickets(&TicketList { org, scope, filter, reach: None }, at_most)?;
        Ok(Counted { count: i64::try_from(ids.len()).unwrap_or(i64::MAX).min(at_most), is_exact })
    }

    pub(crate) fn found_tickets(
        &mut self,
        list: &TicketList<'_>,
        sort: TicketSort,
        page: Page<TicketPosition>,
    ) -> Result<Found<ListedTicket, TicketPosition>, StoreError> {
        let mut scans = self.scans(list, sort)?;
        scans.retain(|scan| !scan.lead.is_passed(sort, page.after));
        let share = i64::try_from(scans.len()).unwrap_or(i64::MAX).max(1);
        let max_scanned = (MAX_SCANNED_ROWS / share).max(page.rows());
        let (mut rows, mut scanned_until) = (Vec::new(), None);
        for scan in scans {
            let window = Window {
                columns: ListedRow::as_select(),
                source: scan.lead.source(self.conn, list, sort, page.after, max_scanned),
                table: "tickets",
                order: scan
                    .lead
                    .own_order(sort)
                    .or_else(|| repeated(self.conn, sort.key.column(), "id", sort.is_descending)),
                conditions: scan.lead.with_position(scan.conditions, sort, page.after),
                limit: page.rows(),
            };
            let found: Vec<ListedRow> = window.load(self.conn)?;
            let is_short = i64::try_from(found.len()).unwrap_or(i64::MAX) < page.rows();
            for row in found {
                rows.push(ListedTicket::try_from(row)?);
            }
            // The page must not pass the place where a scan stopped before it had found enough.
            if is_short && let Some(end) = self.end_of(&scan.lead, list, sort, page.after, max_scanned)? {
                let first = scanned_until.filter(|until| sort.compare(*until, end).is_lt());
                scanned_until = Some(first.unwrap_or(end));
            }
        }
        rows.sort_by(|a: &ListedTicket, b| sort.compare(a.position(sort), b.position(sort)));
        rows.dedup_by_key(|ticket| ticket.id);
        if let Some(end) = scanned_until {
            rows.retain(|ticket| sort.compare(ticket.position(sort), end).is_le());
        }
        rows.truncate(usize::try_from(page.rows()).unwrap_or(usize::MAX));
        Ok(Found { rows, scanned_until })
    }

    /// The tickets of a list, unordered, and whether these are all: each scan scans `at_most` rows.
    pub(crate) fn ids_of_tickets(
        &mut self,
        list: &TicketList<'_>,
        at_most: i64,
    ) -> Result<(BTreeSet<DbId>, bool), StoreError> {
        let latest = TicketSort { key: SortKey::CreatedAt, is_descending: true };
        let (mut ids, mut is_exact) = (BTreeSet::new(), true);
        for scan in self.scans(list, latest)? {
            let tells_all = scan.conditions.is_empty();
            let window = Window {
                columns: t::id,
                source: scan.lead.source(self.conn, list, latest, None, at_most),
                table: "tickets",
                order: None,
                conditions: scan.conditions,
                limit: at_most,
            };
            let found: Vec<DbId> = window.load(self.conn)?;
            let all = i64::try_from(found.len()).unwrap_or(i64::MAX);
            ids.extend(found);
            if all == at_most || !tells_all {
                is_exact &= self.end_of(&scan.lead, list, latest, None, at_most + 1)?.is_none();
            }
        }
        let is_exact = is_exact && i64::try_from(ids.len()).is_ok_and(|count| count <= at_most);
        Ok((ids, is_exact))
    }

    /// The position of the last of this many rows of a scan, if it has as many.
    fn end_of(
        &mut self,
        lead: &IndexPrefix,
        list: &TicketList<'_>,
        sort: TicketSort,
        after: Option<TicketPosition>,
        rows: i64,
    ) -> Result<Option<TicketPosition>, StoreError> {
        if !lead.may_have_more() {
            return Ok(None);
        }
        let query = ordered_rows(list, lead, sort, after).offset(rows - 1).limit(1);
        let at = |(at, id): (DbTime, DbId)| TicketPosition::At(at.0, TicketId(id.0));
        let end = match sort.key {
            SortKey::CreatedAt => query.select((t::created_at, t::id)).first(self.conn).optional()?.map(at),
            SortKey::UpdatedAt => query.select((t::updated_at, t::id)).first(self.conn).optional()?.map(at),
            SortKey::Priority => {
                let row: Option<(i16, DbId)> =
                    query.select((t::priority, t::id)).first(self.conn).optional()?;
                row.map(|(rank, id)| TicketPosition::Rank(rank, TicketId(id.0)))
            }
        };
        Ok(end.filter(|end| !is_over(list.filter, sort, *end)))
    }

    fn scans(&mut self, list: &TicketList<'_>, sort: TicketSort) -> Result<Vec<IndexScan>, StoreError> {
        let mut scans = Vec::new();
        for part in Part::all_of(list.scope) {
            let with_notes = matches!(part, Part::Staff(_));
            let hits = match &list.filter.words {
                Some(words) if words.is_empty() => continue,
                Some(words) => Some(hits(self.conn, list.org, words, with_notes)?),
                None => None,
            };
            for lead in part.leads(list.filter, sort.key, hits.as_ref()) {
                let mut conditions = part.conditions(list.org, &lead);
                conditions.extend(filtered(list.filter, &lead));
                conditions.extend(ranged(list.filter, &lead, sort));
                conditions.extend(list.reach.map(|reach| reached(list.org, reach)));
                if let (Some(words), Some(Hits::Many)) = (&list.filter.words, &hits) {
                    conditions.extend(holding(words, with_notes));
                }
                scans.push(IndexScan { lead, conditions });
            }
        }
        Ok(scans)
    }
}
