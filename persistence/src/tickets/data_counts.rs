use ::orgs::OrgId;
use ::tickets::{StaffScope, TicketScope};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use crate::db::connection::AnyConnection;
use crate::db::sql_types::{DbId, UuidColumn};
use crate::tickets::ticket_filter::TicketFilter;
use crate::tickets::ticket_scans::list::TicketList;
use crate::{StoreError, Tx};

/// The number of rows of one kind in an organization, and the number that a person sees. Both are counted to
/// 10,000, and only within the reader's reach. Messages and files are those of the latest 1,000 requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// All rows of the organization.
    pub total: i64,
    /// The rows that the person sees.
    pub visible: i64,
}

/// The rows of one organization, and those that one person sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DataCounts {
    /// Requests.
    pub tickets: Rows,
    /// Messages, notes included in the total.
    pub messages: Rows,
    /// Files of requests and messages.
    pub attachments: Rows,
    /// Requests that the person sees in lists and that the rules would not show them, searched among the
    /// latest 200.
    pub strangers_tickets: i64,
}

const AT_MOST: i64 = 10_000;
const MAX_CHECKED_TICKETS: i64 = 200;
/// Requests whose messages and files are counted.
const MAX_COUNTED_REQUESTS: i64 = 1_000;

fn counted<T>(rows: &[T]) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What is counted of a request.
#[derive(Clone, Copy)]
enum Kind {
    Messages,
    PublicMessages,
    Attachments,
}

impl Tx<'_> {
    /// Counts the rows of an organization within the reader's reach, and those that a person with this scope
    /// sees; none without a scope.
    pub fn data_counts(
        &mut self,
        org: OrgId,
        reach: &StaffScope,
        scope: Option<&TicketScope>,
    ) -> Result<DataCounts, StoreError> {
        let everything =
            TicketScope { as_staff: reach.clone(), as_representative: StaffScope::None, as_requester: None };
        let filter = TicketFilter::default();
        let all = self.ids_within(&TicketList { org, scope: &everything, filter: &filter, reach: None })?;
        let mut counts = DataCounts {
            tickets: Rows { total: counted(&all), visible: 0 },
            messages: Rows { total: self.count_of(org, &all, Kind::Messages)?, visible: 0 },
            attachments: Rows { total: self.count_of(org, &all, Kind::Attachments)?, visible: 0 },
            strangers_tickets: 0,
        };
        let Some(scope) = scope.filter(|_| *reach != StaffScope::None) else { return Ok(counts) };
        let seen = self.ids_within(&TicketList { org, scope, filter: &filter, reach: Some(reach) })?;
        let messages = if scope.as_staff == StaffScope::None { Kind::PublicMessages } else { Kind::Messages };
        counts.tickets.visible = counted(&seen);
        counts.messages.visible = self.count_of(org, &seen, messages)?;
        counts.attachments.visible = self.count_of(org, &seen, Kind::Attachments)?;
        let shown = self.tickets(org).latest_shown(scope, MAX_CHECKED_TICKETS)?;
        let strangers = shown.iter().filter(|ticket| ticket.org_id != org || !scope.covers(ticket)).count();
        counts.strangers_tickets = i64::try_from(strangers).unwrap_or(i64::MAX);
        Ok(counts)
    }

    /// The latest first.
    fn ids_within(&mut self, list: &TicketList<'_>) -> Result<Vec<DbId>, StoreError> {
        let (ids, _) = self.ids_of_tickets(list, AT_MOST)?;
        let most = usize::try_from(AT_MOST).unwrap_or(usize::MAX);
        Ok(ids.into_iter().rev().take(most).collect())
    }

    /// Counts for the latest of these requests, one by one: neither database may read all messages of the
    /// organization instead.
    fn count_of(&mut self, org: OrgId, tickets: &[DbId], kind: Kind) -> Result<i64, StoreError> {
        let latest = tickets.iter().take(usize::try_from(MAX_COUNTED_REQUESTS).unwrap_or(usize::MAX));
        let (table, only) = match kind {
            Kind::Messages => ("messages", ""),
            Kind::PublicMessages => ("messages", " AND m.visibility = 'public'"),
            Kind::Attachments => ("attachments", ""),
        };
        let row: CountRow = match &mut *self.conn {
            AnyConnection::Sqlite(conn) => {
                let ids: Vec<String> = latest.map(|id| format!("\"{}\"", id.0.simple())).collect();
                diesel::sql_query(format!(
                    "SELECT count(*) AS count FROM (SELECT 1 FROM json_each(?) AS wanted CROSS JOIN {table} AS m \
                     ON m.org_id = ? AND m.ticket_id = unhex(wanted.value){only} LIMIT ?)"
                ))
                .bind::<Text, _>(format!("[{}]", ids.join(",")))
                .bind::<UuidColumn, _>(DbId(org.0))
                .bind::<BigInt, _>(AT_MOST)
                .get_result(conn)?
            }
            AnyConnection::Postgres(conn) => diesel::sql_query(format!(
                "SELECT count(*) AS count FROM (SELECT FROM unnest($1) AS wanted (id) CROSS JOIN LATERAL \
                 (SELECT FROM {table} m WHERE m.org_id = $2 AND m.ticket_id = wanted.id{only} OFFSET 0) AS found LIMIT $3) AS all_found"
            ))
            .bind::<Array<UuidColumn>, _>(latest.copied().collect::<Vec<_>>())
            .bind::<UuidColumn, _>(DbId(org.0))
            .bind::<BigInt, _>(AT_MOST)
            .get_result(conn)?,
        };
        Ok(row.count)
    }
}
