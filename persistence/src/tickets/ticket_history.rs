use crate::db::sql_types::DbJson;
use crate::db::sql_types::DbTime;
use ::orgs::{OrgId, Visibility};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use crate::db::schema::events;
use crate::db::sql_types::DbId;
use crate::{Page, StoreError, Tx};

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

fn to_event((id, seq, kind, actor, visibility, at, changes): Row) -> LoggedEvent {
    let changes =
        changes.0.as_array().map(|all| all.iter().filter_map(change_from_json).collect()).unwrap_or_default();
    LoggedEvent { id: id.0, seq, kind, actor: actor.map(|u| UserId(u.0)), visibility, at: at.0, changes }
}

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

fn change_from_json(value: &Value) -> Option<(String, Option<String>, Option<String>)> {
    let text = |member: &str| value.get(member)?.as_str().map(str::to_owned);
    Some((text("field")?, text("from"), text("to")))
}

type Row = (DbId, i64, String, Option<DbId>, String, DbTime, DbJson);
