use ::orgs::{Change, Event, OrgId};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::StoreError;
use crate::db::connection::AnyConnection;
use crate::db::schema::{events, org_counters};
use crate::db::sql_types::{DbId, DbJson, DbTime};

/// An event about to be saved in an organization's log.
#[derive(Debug, Clone)]
pub struct LogEntry {
    /// The organization.
    pub org: OrgId,
    /// Unique ID of the event.
    pub id: Uuid,
    /// The actor; `None`: the platform itself.
    pub actor: Option<UserId>,
    /// The request that caused it.
    pub request_id: String,
    /// Time of the event.
    pub at: DateTime<Utc>,
    /// The event itself.
    pub event: Event,
}

#[derive(Insertable)]
#[diesel(table_name = events)]
struct NewRow<'a> {
    org_id: DbId,
    id: DbId,
    seq: i64,
    kind: &'a str,
    subject_kind: &'a str,
    subject_id: DbId,
    actor_id: Option<DbId>,
    visibility: &'a str,
    occurred_at: DbTime,
    request_id: &'a str,
    changes: DbJson,
}

/// Saves entries with the next numbers of the organization's log.
///
/// The counter's row stays locked until the commit, which follows at once, so numbers become visible in
/// order.
pub(crate) fn append(conn: &mut AnyConnection, org: OrgId, entries: &[LogEntry]) -> Result<(), StoreError> {
    let org = DbId(org.0);
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let last: i64 = diesel::update(org_counters::table.find(org))
        .set(org_counters::last_event_seq.eq(org_counters::last_event_seq + count))
        .returning(org_counters::last_event_seq)
        .get_result(conn)?;
    for (entry, seq) in entries.iter().zip(last - count + 1..) {
        let row = NewRow {
            org_id: DbId(entry.org.0),
            id: DbId(entry.id),
            seq,
            kind: entry.event.kind.as_str(),
            subject_kind: entry.event.subject.kind(),
            subject_id: DbId(entry.event.subject.id()),
            actor_id: entry.actor.map(|u| DbId(u.0)),
            visibility: entry.event.kind.visibility().as_str(),
            occurred_at: DbTime(entry.at),
            request_id: &entry.request_id,
            changes: DbJson(entry.event.changes.iter().map(change_to_json).collect()),
        };
        diesel::insert_into(events::table).values(row).execute(conn)?;
    }
    Ok(())
}

fn change_to_json(change: &Change) -> Value {
    json!({ "field": change.field, "from": change.from, "to": change.to })
}
