//! The conditions of a scope, a filter and a range on each ticket of a scan.

use ::tickets::Approval;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::db::schema::{ticket_search, tickets as t};
use crate::db::sql_types::{DbId, DbTime};
use crate::tickets::search::Words;
use crate::tickets::ticket_filter::{Condition, SortKey, TicketFilter, TicketPosition, TicketSort};
use crate::tickets::ticket_scans::lead::IndexPrefix;

/// The conditions of the filter, except that of the lead.
pub(super) fn filtered(filter: &TicketFilter, lead: &IndexPrefix) -> Vec<Condition> {
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
    if !statuses.is_empty() && !matches!(lead, IndexPrefix::Status(_)) {
        all.push(Box::new(t::status.eq_any(statuses.iter().map(|s| s.as_str()).collect::<Vec<_>>())));
    }
    if !priorities.is_empty() && !matches!(lead, IndexPrefix::Priority(_)) {
        all.push(Box::new(t::priority.eq_any(priorities.iter().map(|p| p.rank()).collect::<Vec<_>>())));
    }
    let waiting = Approval::Waiting.as_str();
    match awaits_approval {
        Some(true) if matches!(lead, IndexPrefix::Approval(word) if *word == waiting) => {}
        Some(true) => {
            all.push(Box::new(t::approval.is_not_null().and(t::approval.assume_not_null().eq(waiting))))
        }
        Some(false) => {
            all.push(Box::new(t::approval.is_null().or(t::approval.ne(waiting).assume_not_null())));
        }
        None => {}
    }
    if let Some(user) = assignee.filter(|user| !matches!(lead, IndexPrefix::Assignee(Some(of)) if of == user))
    {
        let id = DbId(user.0);
        all.push(Box::new(t::assignee_id.is_not_null().and(t::assignee_id.assume_not_null().eq(id))));
    }
    match has_assignee {
        Some(true) => all.push(Box::new(t::assignee_id.is_not_null())),
        Some(false) if matches!(lead, IndexPrefix::Assignee(None)) => {}
        Some(false) => all.push(Box::new(t::assignee_id.is_null())),
        None => {}
    }
    if let Some(user) = requester.filter(|user| !matches!(lead, IndexPrefix::Requester(of) if of == user)) {
        all.push(Box::new(t::requester_id.eq(DbId(user.0))));
    }
    if let Some(location) = location.filter(|id| !matches!(lead, IndexPrefix::Location(of) if of == id)) {
        all.push(Box::new(t::location_id.eq(DbId(location.0))));
    }
    if let Some(category) = category.filter(|id| !matches!(lead, IndexPrefix::Category(of) if of == id)) {
        let id = DbId(category.0);
        all.push(Box::new(t::category_id.is_not_null().and(t::category_id.assume_not_null().eq(id))));
    }
    if let Some(number) = number.filter(|_| !matches!(lead, IndexPrefix::Number(_))) {
        all.push(Box::new(t::number.eq(number)));
    }
    all
}

/// The ranges of the filter that the source of a scan does not apply.
pub(super) fn ranged(filter: &TicketFilter, lead: &IndexPrefix, sort: TicketSort) -> Vec<Condition> {
    let mut all = Vec::<Condition>::new();
    for key in [SortKey::CreatedAt, SortKey::UpdatedAt] {
        let other = TicketSort { key, ..sort };
        if key != sort.key || !lead.may_have_more() {
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
pub(super) enum Side {
    Near,
    Far,
    Neither,
}

/// One end of the range that the filter leaves of the sorted column.
///
/// A scan with a lead begins at the near end, or after a position, and has no other: with two ends SQLite
/// uses an index that lacks the lead, and reads everything between them.
pub(super) fn range(filter: &TicketFilter, sort: TicketSort, side: Side) -> Option<Condition> {
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

/// Whether a position in the list is after the far end of its range.
pub(super) fn is_over(filter: &TicketFilter, sort: TicketSort, place: TicketPosition) -> bool {
    let TicketPosition::At(at, _) = place else { return false };
    match (sort.key, sort.is_descending) {
        (SortKey::CreatedAt, true) => filter.created_from.is_some_and(|from| at < from),
        (SortKey::CreatedAt, false) => filter.created_before.is_some_and(|before| at >= before),
        (SortKey::UpdatedAt, true) => filter.updated_from.is_some_and(|from| at < from),
        _ => false,
    }
}

/// Requires that the indexed words of a ticket contain these; for words that many tickets contain.
pub(super) fn holding(words: &Words, with_notes: bool) -> Vec<Condition> {
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
