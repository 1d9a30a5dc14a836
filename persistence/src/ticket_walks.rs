//! Lists of tickets as walks along indexes.
//!
//! What a caller sees and asks for is cut into walks, each of which begins with a column that an index leads with and goes
//! through its rows in the order of the list. What the index can't tell is asked of each row, of a bounded number of rows.
//! The walks are merged; a row that several of them meet is shown once.

use std::collections::BTreeSet;

use ::orgs::{LocationId, OrgId};
use ::tickets::{Approval, CategoryId, Priority, StaffScope, Status, TicketId, TicketScope};
use ::users::UserId;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::connection::AnyConnection;
use crate::keyset;
use crate::schema::{ticket_search, tickets as t};
use crate::search::{Hits, Words, hits};
use crate::sql_types::{DbId, DbTime};
use crate::ticket_filter::{
    Boxed, Condition, ListedRow, ListedTicket, SortKey, TicketFilter, TicketPosition, TicketSort, within,
};
use crate::window::{Counted, Found, MOST_LISTED, MOST_LOOKED_AT, Source, Window};
use crate::{Page, StoreError, Tx};

/// More locations than these are looked for in the order of the whole organization.
const MOST_LOCATIONS: usize = 8;

/// One way in which a caller sees tickets.
enum Part {
    /// As staff: all of a reach.
    Staff(StaffScope),
    /// As a representative: those of a reach that ever needed approval.
    Representative(StaffScope),
    /// As their requester.
    Requester(UserId),
}

/// What all rows of a walk have in common: the first columns of the index that it goes along, after the organization.
enum Lead {
    Nothing,
    Number(i64),
    Ids(Vec<DbId>),
    Requester(UserId),
    Assignee(Option<UserId>),
    Approval(&'static str),
    Status(Status),
    Location(LocationId),
    Category(CategoryId),
    Priority(Priority),
}

/// Some of the tickets of a list, in its order.
struct Walk {
    lead: Lead,
    /// What the lead does not tell.
    conditions: Vec<Condition>,
}

/// A list without its page.
pub(crate) struct TicketList<'a> {
    pub(crate) org: OrgId,
    pub(crate) scope: &'a TicketScope,
    pub(crate) filter: &'a TicketFilter,
    /// Of the tickets of the scope, those within this reach alone.
    pub(crate) reach: Option<&'a StaffScope>,
}

impl Tx<'_> {
    /// A page of the tickets that the scope shows.
    ///
    /// Looks at 5,000 rows at most: where no index serves the filters, a page may have fewer rows than wanted, even none,
    /// and goes on behind [`Found::looked_until`].
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

    /// How many tickets the scope shows, counted to `at_most`, and looking at about as many rows.
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
        let mut walks = self.walks(list, sort)?;
        walks.retain(|walk| !walk.lead.is_passed(sort, page.after));
        let share = i64::try_from(walks.len()).unwrap_or(i64::MAX).max(1);
        let most_looked_at = (MOST_LOOKED_AT / share).max(page.rows());
        let (mut rows, mut looked_until) = (Vec::new(), None);
        for walk in walks {
            let window = Window {
                columns: ListedRow::as_select(),
                source: walk.lead.source(self.conn, list, sort, page.after, most_looked_at),
                table: "tickets",
                order: walk.lead.own_order(sort),
                conditions: walk.lead.with_position(walk.conditions, sort, page.after),
                limit: page.rows(),
            };
            let found: Vec<ListedRow> = window.load(self.conn)?;
            let is_short = i64::try_from(found.len()).unwrap_or(i64::MAX) < page.rows();
            for row in found {
                rows.push(ListedTicket::try_from(row)?);
            }
            // The page may not pass the place where a walk stopped before it had met enough.
            if is_short && let Some(end) = self.end_of(&walk.lead, list, sort, page.after, most_looked_at)? {
                let first = looked_until.filter(|until| sort.compare(*until, end).is_lt());
                looked_until = Some(first.unwrap_or(end));
            }
        }
        rows.sort_by(|a: &ListedTicket, b| sort.compare(a.position(sort), b.position(sort)));
        rows.dedup_by_key(|ticket| ticket.id);
        if let Some(end) = looked_until {
            rows.retain(|ticket| sort.compare(ticket.position(sort), end).is_le());
        }
        rows.truncate(usize::try_from(page.rows()).unwrap_or(usize::MAX));
        Ok(Found { rows, looked_until })
    }

    /// The tickets of a list, in no order, and whether these are all: each walk looks at `at_most` rows.
    pub(crate) fn ids_of_tickets(
        &mut self,
        list: &TicketList<'_>,
        at_most: i64,
    ) -> Result<(BTreeSet<DbId>, bool), StoreError> {
        let latest = TicketSort { key: SortKey::CreatedAt, is_descending: true };
        let (mut ids, mut is_exact) = (BTreeSet::new(), true);
        for walk in self.walks(list, latest)? {
            let tells_all = walk.conditions.is_empty();
            let window = Window {
                columns: t::id,
                source: walk.lead.source(self.conn, list, latest, None, at_most),
                table: "tickets",
                order: None,
                conditions: walk.conditions,
                limit: at_most,
            };
            let found: Vec<DbId> = window.load(self.conn)?;
            let all = i64::try_from(found.len()).unwrap_or(i64::MAX);
            ids.extend(found);
            if all == at_most || !tells_all {
                is_exact &= self.end_of(&walk.lead, list, latest, None, at_most + 1)?.is_none();
            }
        }
        let is_exact = is_exact && i64::try_from(ids.len()).is_ok_and(|count| count <= at_most);
        Ok((ids, is_exact))
    }

    /// The place of the last of so many rows of a walk, if it has as many.
    fn end_of(
        &mut self,
        lead: &Lead,
        list: &TicketList<'_>,
        sort: TicketSort,
        after: Option<TicketPosition>,
        rows: i64,
    ) -> Result<Option<TicketPosition>, StoreError> {
        if !lead.may_go_on() {
            return Ok(None);
        }
        let query = walked(list, lead, sort, after).offset(rows - 1).limit(1);
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

    fn walks(&mut self, list: &TicketList<'_>, sort: TicketSort) -> Result<Vec<Walk>, StoreError> {
        let mut walks = Vec::new();
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
                walks.push(Walk { lead, conditions });
            }
        }
        Ok(walks)
    }
}

impl Part {
    /// How a scope shows tickets; a part that another one holds is left out.
    fn all_of(scope: &TicketScope) -> Vec<Self> {
        let mut parts = Vec::new();
        if has_any(&scope.as_staff) {
            parts.push(Self::Staff(scope.as_staff.clone()));
        }
        if scope.as_staff == StaffScope::All {
            return parts;
        }
        if has_any(&scope.as_representative) && scope.as_representative != scope.as_staff {
            parts.push(Self::Representative(scope.as_representative.clone()));
        }
        parts.extend(scope.as_requester.map(Self::Requester));
        parts
    }

    /// The leads of the walks that together meet all tickets of this part that the filter lets through: the columns that
    /// most likely leave few rows, among those that an index has with this order.
    fn leads(&self, filter: &TicketFilter, key: SortKey, hits: Option<&Hits>) -> Vec<Lead> {
        let by_creation = key == SortKey::CreatedAt;
        let own = match self {
            Self::Requester(user) => Some(*user),
            _ => None,
        };
        if let Some(Hits::Few(ids)) = hits {
            return vec![Lead::Ids(ids.clone())];
        }
        if let Some(number) = filter.number {
            return vec![Lead::Number(number)];
        }
        if let Some(user) = own.or(filter.requester) {
            return vec![Lead::Requester(user)];
        }
        if filter.awaits_approval == Some(true) {
            return vec![Lead::Approval(Approval::Waiting.as_str())];
        }
        if let Some(user) = filter.assignee {
            return vec![Lead::Assignee(Some(user))];
        }
        if let Self::Representative(_) = self {
            return Approval::WORDS.into_iter().map(Lead::Approval).collect();
        }
        if let Some(category) = filter.category.filter(|_| by_creation) {
            return vec![Lead::Category(category)];
        }
        if let Some(location) = filter.location.filter(|_| by_creation) {
            return vec![Lead::Location(location)];
        }
        if by_creation && !filter.statuses.is_empty() {
            let each: BTreeSet<&'static str> = filter.statuses.iter().map(|s| s.as_str()).collect();
            return each.into_iter().filter_map(Status::parse).map(Lead::Status).collect();
        }
        if filter.has_assignee == Some(false) {
            return vec![Lead::Assignee(None)];
        }
        if key == SortKey::Priority && !filter.priorities.is_empty() {
            let each: BTreeSet<i16> = filter.priorities.iter().map(|p| p.rank()).collect();
            return each.into_iter().filter_map(Priority::from_rank).map(Lead::Priority).collect();
        }
        match self {
            Self::Staff(StaffScope::Locations(ids)) if by_creation && ids.len() <= MOST_LOCATIONS => {
                ids.iter().copied().map(Lead::Location).collect()
            }
            _ => vec![Lead::Nothing],
        }
    }

    /// What makes a ticket one of this part, unless the lead says so.
    fn conditions(&self, org: OrgId, lead: &Lead) -> Vec<Condition> {
        match (self, lead) {
            (Self::Staff(StaffScope::All), _) => Vec::new(),
            (Self::Staff(StaffScope::Locations(ids)), Lead::Location(id)) if ids.contains(id) => Vec::new(),
            (Self::Staff(reach), _) => vec![reached(org, reach)],
            (Self::Representative(reach), Lead::Approval(_)) => vec![reached(org, reach)],
            (Self::Representative(reach), _) => {
                vec![reached(org, reach), Box::new(t::approval.is_not_null())]
            }
            (Self::Requester(user), Lead::Requester(of)) if user == of => Vec::new(),
            (Self::Requester(user), _) => vec![Box::new(t::requester_id.eq(DbId(user.0)))],
        }
    }
}

fn has_any(reach: &StaffScope) -> bool {
    match reach {
        StaffScope::None => false,
        StaffScope::All => true,
        StaffScope::Locations(ids) => !ids.is_empty(),
    }
}

fn reached(org: OrgId, reach: &StaffScope) -> Condition {
    within(org, reach).unwrap_or_else(|| Box::new(diesel::dsl::sql::<Bool>("1 = 0")))
}

/// What the filter asks of a ticket, unless the lead says so.
fn filtered(filter: &TicketFilter, lead: &Lead) -> Vec<Condition> {
    let TicketFilter {
        statuses,
        priorities,
        awaits_approval,
        assignee,
        has_assignee,
        requester,
        location,
        category,
        number,
        // Ranges and words have conditions of their own.
        created_from: _,
        created_before: _,
        updated_from: _,
        words: _,
    } = filter;
    let mut all = Vec::<Condition>::new();
    if !statuses.is_empty() && !matches!(lead, Lead::Status(_)) {
        all.push(Box::new(t::status.eq_any(statuses.iter().map(|s| s.as_str()).collect::<Vec<_>>())));
    }
    if !priorities.is_empty() && !matches!(lead, Lead::Priority(_)) {
        all.push(Box::new(t::priority.eq_any(priorities.iter().map(|p| p.rank()).collect::<Vec<_>>())));
    }
    let waiting = Approval::Waiting.as_str();
    match awaits_approval {
        Some(true) if matches!(lead, Lead::Approval(word) if *word == waiting) => {}
        Some(true) => {
            all.push(Box::new(t::approval.is_not_null().and(t::approval.assume_not_null().eq(waiting))))
        }
        Some(false) => {
            all.push(Box::new(t::approval.is_null().or(t::approval.ne(waiting).assume_not_null())));
        }
        None => {}
    }
    if let Some(user) = assignee.filter(|user| !matches!(lead, Lead::Assignee(Some(of)) if of == user)) {
        let id = DbId(user.0);
        all.push(Box::new(t::assignee_id.is_not_null().and(t::assignee_id.assume_not_null().eq(id))));
    }
    match has_assignee {
        Some(true) => all.push(Box::new(t::assignee_id.is_not_null())),
        Some(false) if matches!(lead, Lead::Assignee(None)) => {}
        Some(false) => all.push(Box::new(t::assignee_id.is_null())),
        None => {}
    }
    if let Some(user) = requester.filter(|user| !matches!(lead, Lead::Requester(of) if of == user)) {
        all.push(Box::new(t::requester_id.eq(DbId(user.0))));
    }
    if let Some(location) = location.filter(|id| !matches!(lead, Lead::Location(of) if of == id)) {
        all.push(Box::new(t::location_id.eq(DbId(location.0))));
    }
    if let Some(category) = category.filter(|id| !matches!(lead, Lead::Category(of) if of == id)) {
        let id = DbId(category.0);
        all.push(Box::new(t::category_id.is_not_null().and(t::category_id.assume_not_null().eq(id))));
    }
    if let Some(number) = number.filter(|_| !matches!(lead, Lead::Number(_))) {
        all.push(Box::new(t::number.eq(number)));
    }
    all
}

/// The ranges of the filter that the source of a walk does not keep to.
fn ranged(filter: &TicketFilter, lead: &Lead, sort: TicketSort) -> Vec<Condition> {
    let mut all = Vec::<Condition>::new();
    for key in [SortKey::CreatedAt, SortKey::UpdatedAt] {
        let other = TicketSort { key, ..sort };
        if key != sort.key || !lead.may_go_on() {
            all.extend(range(filter, other, Side::Near));
        }
        if key != sort.key || !lead.is_nothing() {
            all.extend(range(filter, other, Side::Far));
        }
    }
    all
}

/// The end of a range that a list in this order begins with, and the one where it ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Near,
    Far,
    Neither,
}

/// One end of the range that the filter leaves of the column by which the list is sorted.
///
/// A walk with a lead begins at the near end, or behind a position, and knows no other: with two ends SQLite takes an index that
/// lacks the lead, and goes through everything between them.
fn range(filter: &TicketFilter, sort: TicketSort, side: Side) -> Option<Condition> {
    let (from, before) = match sort.key {
        SortKey::CreatedAt => (filter.created_from, filter.created_before),
        SortKey::UpdatedAt => (filter.updated_from, None),
        SortKey::Priority => (None, None),
    };
    let is_from = match side {
        Side::Near => !sort.is_descending,
        Side::Far => sort.is_descending,
        Side::Neither => return None,
    };
    match (sort.key, is_from) {
        (SortKey::CreatedAt, true) => Some(Box::new(t::created_at.ge(DbTime(from?)))),
        (SortKey::CreatedAt, false) => Some(Box::new(t::created_at.lt(DbTime(before?)))),
        (SortKey::UpdatedAt, true) => Some(Box::new(t::updated_at.ge(DbTime(from?)))),
        _ => None,
    }
}

/// Whether a place in the list lies behind the far end of its range.
fn is_over(filter: &TicketFilter, sort: TicketSort, place: TicketPosition) -> bool {
    let TicketPosition::At(at, _) = place else { return false };
    match (sort.key, sort.is_descending) {
        (SortKey::CreatedAt, true) => filter.created_from.is_some_and(|from| at < from),
        (SortKey::CreatedAt, false) => filter.created_before.is_some_and(|before| at >= before),
        (SortKey::UpdatedAt, true) => filter.updated_from.is_some_and(|from| at < from),
        _ => false,
    }
}

/// That the indexed words of a ticket hold these; for words that many tickets hold.
fn holding(words: &Words, with_notes: bool) -> Vec<Condition> {
    let doc = || {
        ticket_search::table
            .filter(ticket_search::org_id.eq(t::org_id))
            .filter(ticket_search::ticket_id.eq(t::id))
    };
    let condition = |pattern: String| -> Condition {
        let public = ticket_search::public_words.like(pattern.clone());
        match with_notes {
            true => Box::new(exists(doc().filter(public.or(ticket_search::staff_words.like(pattern))))),
            false => Box::new(exists(doc().filter(public))),
        }
    };
    words.patterns().map(condition).collect()
}

impl Lead {
    /// Whether an index has the rows in the order of the list, so that there may be more behind those looked at.
    fn may_go_on(&self) -> bool {
        !matches!(self, Self::Ids(_) | Self::Number(_))
    }

    /// Whether the whole walk comes before a position.
    fn is_passed(&self, sort: TicketSort, after: Option<TicketPosition>) -> bool {
        match (self, after) {
            (Self::Priority(priority), Some(TicketPosition::Rank(rank, _))) => match sort.is_descending {
                true => priority.rank() > rank,
                false => priority.rank() < rank,
            },
            _ => false,
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The order in which rows have to be put that no index has in order.
    fn own_order(&self, sort: TicketSort) -> Option<(&'static str, &'static str, bool)> {
        matches!(self, Self::Ids(_)).then(|| (sort.key.column(), "id", sort.is_descending))
    }

    /// The conditions with the beginning of the page, where the source does not begin there.
    fn with_position(
        &self,
        mut conditions: Vec<Condition>,
        sort: TicketSort,
        after: Option<TicketPosition>,
    ) -> Vec<Condition> {
        if !self.may_go_on() {
            conditions.extend(behind(sort, after));
        }
        conditions
    }

    /// The first rows of the walk, `at_most`.
    fn source(
        &self,
        conn: &AnyConnection,
        list: &TicketList<'_>,
        sort: TicketSort,
        after: Option<TicketPosition>,
        at_most: i64,
    ) -> TicketSource {
        match self {
            Self::Ids(ids) => listed(conn, list.org, ids),
            Self::Number(number) => Source::Walked(of_org(list.org).filter(t::number.eq(*number)).limit(1)),
            _ => Source::Walked(walked(list, self, sort, after).limit(at_most)),
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
    Window { columns, source, table: "tickets", conditions: Vec::new(), order: None, limit: MOST_LISTED }
}

/// The rows that a window looks through.
pub(crate) type TicketSource = Source<Boxed<'static>>;

fn listed(conn: &AnyConnection, org: OrgId, ids: &[DbId]) -> TicketSource {
    Source::of_ids(conn, ("tickets", "id"), DbId(org.0), ids, || {
        of_org(org).filter(t::id.eq_any(ids.to_vec())).limit(MOST_LISTED)
    })
}

fn of_org<'a>(org: OrgId) -> Boxed<'a> {
    t::table.filter(t::org_id.eq(DbId(org.0))).into_boxed()
}

/// The rows of a walk from a position on, in order.
fn walked<'a>(
    list: &TicketList<'_>,
    lead: &Lead,
    sort: TicketSort,
    after: Option<TicketPosition>,
) -> Boxed<'a> {
    let query = of_org(list.org);
    let query = match lead {
        Lead::Nothing | Lead::Ids(_) => query,
        Lead::Number(number) => query.filter(t::number.eq(*number)),
        Lead::Requester(user) => query.filter(t::requester_id.eq(DbId(user.0))),
        Lead::Assignee(Some(user)) => query.filter(t::assignee_id.eq(DbId(user.0))),
        Lead::Assignee(None) => query.filter(t::assignee_id.is_null()),
        Lead::Approval(word) => query.filter(t::approval.eq(*word)),
        Lead::Status(status) => query.filter(t::status.eq(status.as_str())),
        Lead::Location(location) => query.filter(t::location_id.eq(DbId(location.0))),
        Lead::Category(category) => query.filter(t::category_id.eq(DbId(category.0))),
        Lead::Priority(priority) => query.filter(t::priority.eq(priority.rank())),
    };
    let near = range(list.filter, sort, if after.is_some() { Side::Neither } else { Side::Near });
    let far = range(list.filter, sort, if lead.is_nothing() { Side::Far } else { Side::Neither });
    let begin = near.into_iter().chain(far).chain(begins_behind(lead, sort, after));
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

/// Where a walk begins. Within one priority the id alone has the order: beside the lead, SQLite would not begin at a place of
/// both columns.
fn begins_behind(lead: &Lead, sort: TicketSort, after: Option<TicketPosition>) -> Option<Condition> {
    match (lead, after) {
        (Lead::Priority(priority), Some(TicketPosition::Rank(rank, id))) if priority.rank() == rank => {
            let id = DbId(id.0);
            Some(if sort.is_descending { Box::new(t::id.lt(id)) } else { Box::new(t::id.gt(id)) })
        }
        (Lead::Priority(_), _) => None,
        _ => behind(sort, after),
    }
}

/// What follows a position in the order of the list.
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
