use ::orgs::{Change, Event, OrgId, Visibility};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::connection::AnyConnection;
use crate::schema::{events, org_counters};
use crate::sql_types::{DbId, DbJson, DbTime};
use crate::{Page, StoreError, Tx};

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

/// A saved event.
#[derive(Debug, Clone)]
pub struct LoggedEvent {
    /// Unique ID.
    pub id: Uuid,
    /// Its number in the organization's log.
    pub seq: i64,
    /// The kind of event.
    pub kind: String,
    /// The actor.
    pub actor: Option<UserId>,
    /// `public` or `staff`.
    pub visibility: String,
    /// Time of the event.
    pub at: DateTime<Utc>,
    /// Old and new values: field, from, to.
    pub changes: Vec<(String, Option<String>, Option<String>)>,
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
            kind: entry.event.kind,
            subject_kind: entry.event.subject.kind(),
            subject_id: DbId(entry.event.subject.id()),
            actor_id: entry.actor.map(|u| DbId(u.0)),
            visibility: entry.event.visibility.as_str(),
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

fn change_from_json(value: &Value) -> Option<(String, Option<String>, Option<String>)> {
    let text = |member: &str| value.get(member)?.as_str().map(str::to_owned);
    Some((text("field")?, text("from"), text("to")))
}

type Row = (DbId, i64, String, Option<DbId>, String, DbTime, DbJson);

impl Tx<'_> {
    /// The events of one subject, in order; only public ones for callers who are not staff.
    pub fn events_of(
        &mut self,
        org: OrgId,
        subject: Uuid,
        with_staff_only: bool,
        page: Page<i64>,
    ) -> Result<Vec<LoggedEvent>, StoreError> {
        let mut query = events::table
            .filter(events::org_id.eq(DbId(org.0)))
            .filter(events::subject_id.eq(DbId(subject)))
            .filter(events::seq.gt(page.after.unwrap_or(0)))
            .order(events::seq)
            .limit(page.rows())
            .select((
                events::id,
                events::seq,
                events::kind,
                events::actor_id,
                events::visibility,
                events::occurred_at,
                events::changes,
            ))
            .into_boxed();
        if !with_staff_only {
            query = query.filter(events::visibility.eq(Visibility::Public.as_str()));
        }
        let rows: Vec<Row> = query.load(self.conn)?;
        Ok(rows.into_iter().map(to_event).collect())
    }
}

fn to_event((id, seq, kind, actor, visibility, at, changes): Row) -> LoggedEvent {
    let changes =
        changes.0.as_array().map(|all| all.iter().filter_map(change_from_json).collect()).unwrap_or_default();
    LoggedEvent { id: id.0, seq, kind, actor: actor.map(|u| UserId(u.0)), visibility, at: at.0, changes }
}
