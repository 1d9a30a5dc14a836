use ::orgs::OrgId;
use ::tickets::{StaffScope, TicketScope};
use diesel::prelude::*;

use crate::connection::MultiBackend;
use crate::schema::{attachments, messages, tickets as t};
use crate::sql_types::DbId;
use crate::ticket_filter::{reached, visible, within};
use crate::{StoreError, Tx};

/// How many rows of one kind an organization has, and how many of them a person sees; both counted to 10,000, and only as far as
/// the reader reaches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// All of the organization.
    pub total: i64,
    /// Those that the person sees.
    pub visible: i64,
}

/// The rows of one organization, and what of them one person sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DataCounts {
    /// Requests.
    pub tickets: Rows,
    /// Messages, notes included in the total.
    pub messages: Rows,
    /// Files of requests and messages.
    pub attachments: Rows,
    /// Requests that the person sees in lists and that the rules would not show him; looked for among the
    /// latest 200.
    pub strangers_tickets: i64,
}

const AT_MOST: i64 = 10_000;
const JUDGED_AT_MOST: i64 = 200;

fn counted<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

impl Tx<'_> {
    /// What of an organization a reader reaches, and what somebody with this scope sees of it; nothing without one.
    pub fn data_counts(
        &mut self,
        org: OrgId,
        reach: &StaffScope,
        scope: Option<&TicketScope>,
    ) -> Result<DataCounts, StoreError> {
        let all: Vec<DbId> = reached(org, reach).select(t::id).limit(AT_MOST).load(self.conn)?;
        let mut counts = DataCounts {
            tickets: Rows { total: counted(&all), visible: 0 },
            messages: Rows { total: self.count_messages(org, &all, true)?, visible: 0 },
            attachments: Rows { total: self.count_attachments(org, &all)?, visible: 0 },
            strangers_tickets: 0,
        };
        let Some(scope) = scope else { return Ok(counts) };
        let Some(within_reach) = within(org, reach) else { return Ok(counts) };
        let shown = visible(org, scope).filter(within_reach);
        let seen: Vec<DbId> = shown.select(t::id).limit(AT_MOST).load(self.conn)?;
        counts.tickets.visible = counted(&seen);
        counts.messages.visible = self.count_messages(org, &seen, scope.as_staff != StaffScope::None)?;
        counts.attachments.visible = self.count_attachments(org, &seen)?;
        let shown = self.tickets(org).latest_shown(scope, JUDGED_AT_MOST)?;
        let strangers = shown.iter().filter(|ticket| ticket.org_id != org || !scope.covers(ticket)).count();
        counts.strangers_tickets = i64::try_from(strangers).unwrap_or(i64::MAX);
        Ok(counts)
    }

    fn count_messages(&mut self, org: OrgId, of: &[DbId], with_notes: bool) -> Result<i64, StoreError> {
        let mut query = messages::table
            .filter(messages::org_id.eq(DbId(org.0)))
            .filter(messages::ticket_id.eq_any(of))
            .select(messages::id)
            .limit(AT_MOST)
            .into_boxed::<MultiBackend>();
        if !with_notes {
            query = query.filter(messages::visibility.eq("public"));
        }
        let rows: Vec<DbId> = query.load(self.conn)?;
        Ok(counted(&rows))
    }

    fn count_attachments(&mut self, org: OrgId, of: &[DbId]) -> Result<i64, StoreError> {
        let rows: Vec<DbId> = attachments::table
            .filter(attachments::org_id.eq(DbId(org.0)))
            .filter(attachments::ticket_id.eq_any(of.iter().copied().map(Some).collect::<Vec<_>>()))
            .select(attachments::id)
            .limit(AT_MOST)
            .load(self.conn)?;
        Ok(counted(&rows))
    }
}
