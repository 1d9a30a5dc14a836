//! The ways in which a caller sees tickets, each split into scans.

use std::collections::BTreeSet;

use ::orgs::OrgId;
use ::tickets::{Approval, Priority, StaffScope, Status, TicketScope};
use ::users::UserId;
use diesel::prelude::*;

use crate::db::schema::tickets as t;
use crate::db::sql_types::DbId;
use crate::tickets::search::Hits;
use crate::tickets::ticket_filter::{Condition, SortKey, TicketFilter, reached};
use crate::tickets::ticket_scans::lead::IndexPrefix;

/// Tickets of more locations than these are searched in the order of the whole organization.
const MAX_LOCATIONS: usize = 8;

/// One way in which a caller sees tickets.
pub(super) enum Part {
    /// As staff: all of a reach.
    Staff(StaffScope),
    /// As a representative: those of a reach that ever needed approval.
    Representative(StaffScope),
    /// As their requester.
    Requester(UserId),
}

impl Part {
    /// The parts of a scope; a part that is contained in another is left out.
    pub(super) fn all_of(scope: &TicketScope) -> Vec<Self> {
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

    /// The leads of the scans that together reach all tickets of this part that match the filter: the columns
    /// that probably leave few rows, among those that an index has with this order.
    pub(super) fn leads(&self, filter: &TicketFilter, key: SortKey, hits: Option<&Hits>) -> Vec<IndexPrefix> {
        let by_creation = key == SortKey::CreatedAt;
        let own = match self {
            Self::Requester(user) => Some(*user),
            _ => None,
        };
        if let Some(Hits::Few(ids)) = hits {
            return vec![IndexPrefix::Ids(ids.clone())];
        }
        if let Some(number) = filter.number {
            return vec![IndexPrefix::Number(number)];
        }
        if let Some(user) = own.or(filter.requester) {
            return vec![IndexPrefix::Requester(user)];
        }
        if filter.awaits_approval == Some(true) {
            return vec![IndexPrefix::Approval(Approval::Waiting.as_str())];
        }
        if let Some(user) = filter.assignee {
            return vec![IndexPrefix::Assignee(Some(user))];
        }
        if let Self::Representative(_) = self {
            return Approval::WORDS.into_iter().map(IndexPrefix::Approval).collect();
        }
        if let Some(category) = filter.category.filter(|_| by_creation) {
            return vec![IndexPrefix::Category(category)];
        }
        if let Some(location) = filter.location.filter(|_| by_creation) {
            return vec![IndexPrefix::Location(location)];
        }
        if by_creation && !filter.statuses.is_empty() {
            let each: BTreeSet<&'static str> = filter.statuses.iter().map(|s| s.as_str()).collect();
            return each.into_iter().filter_map(Status::parse).map(IndexPrefix::Status).collect();
        }
        if filter.has_assignee == Some(false) {
            return vec![IndexPrefix::Assignee(None)];
        }
        if key == SortKey::Priority && !filter.priorities.is_empty() {
            let each: BTreeSet<i16> = filter.priorities.iter().map(|p| p.rank()).collect();
            return each.into_iter().filter_map(Priority::from_rank).map(IndexPrefix::Priority).collect();
        }
        match self {
            Self::Staff(StaffScope::Locations(ids)) if by_creation && ids.len() <= MAX_LOCATIONS => {
                ids.iter().copied().map(IndexPrefix::Location).collect()
            }
            _ => vec![IndexPrefix::Nothing],
        }
    }

    /// The conditions for a ticket of this part, except that of the lead.
    pub(super) fn conditions(&self, org: OrgId, lead: &IndexPrefix) -> Vec<Condition> {
        match (self, lead) {
            (Self::Staff(StaffScope::All), _) => Vec::new(),
            (Self::Staff(StaffScope::Locations(ids)), IndexPrefix::Location(id)) if ids.contains(id) => {
                Vec::new()
            }
            (Self::Staff(reach), _) => vec![reached(org, reach)],
            (Self::Representative(reach), IndexPrefix::Approval(_)) => vec![reached(org, reach)],
            (Self::Representative(reach), _) => {
                vec![reached(org, reach), Box::new(t::approval.is_not_null())]
            }
            (Self::Requester(user), IndexPrefix::Requester(of)) if user == of => Vec::new(),
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
