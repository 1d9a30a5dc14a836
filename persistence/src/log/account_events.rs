use std::collections::BTreeSet;

use ::orgs::{Change, OrgId};
use ::users::{AccountEventKind, HistoryPart, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::db::connection::MultiBackend;
use crate::db::keyset::keyset;
use crate::db::schema::{account_events as events, memberships};
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::db::window::{Found, MAX_SCANNED_ROWS, Window, repeated};
use crate::{Page, StoreError, Tx};

/// Time and id of an event.
type EventPosition = (DateTime<Utc>, Uuid);
type Boxed<'a> = diesel::helper_types::IntoBoxed<'a, events::table, MultiBackend>;
type Condition = Box<dyn BoxableExpression<events::table, MultiBackend, SqlType = Bool>>;

/// An event of an account, about to be saved.
#[derive(Debug, Clone)]
pub struct AccountEvent {
    /// Unique ID.
    pub id: Uuid,
    /// The account.
    pub user: UserId,
    /// The organization in whose name it was done.
    pub org: Option<OrgId>,
    /// The kind of event.
    pub kind: AccountEventKind,
    /// The actor; `None`: nobody was logged in.
    pub actor: Option<UserId>,
    /// Time of the event.
    pub at: DateTime<Utc>,
    /// The request that caused it.
    pub request_id: String,
    /// The address it came from.
    pub address: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The actor's reason.
    pub reason: Option<String>,
    /// Old and new values, without secrets.
    pub changes: Vec<Change>,
}

impl AccountEvent {
    /// The event with a changed value, if it changed.
    #[must_use]
    pub fn changed(mut self, field: &'static str, from: &str, to: &str) -> Self {
        if from != to {
            self.changes.push(Change { field, from: Some(from.to_owned()), to: Some(to.to_owned()) });
        }
        self
    }
}

/// Which of an account's events are selected; all conditions have to hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccountEventFilter {
    /// Only these kinds; empty: all.
    pub kinds: &'static [AccountEventKind],
    /// Only kinds that this list shows; `None`: all.
    pub part: Option<HistoryPart>,
    /// Done in the name of this organization.
    pub org: Option<OrgId>,
    /// Or in the name of no organization.
    pub or_of_none: bool,
    /// By another actor than the owner of the account.
    pub is_by_others: bool,
    /// Not in the name of an organization whose membership is unclaimed (R18).
    pub is_claimed: bool,
}

/// A saved event.
#[derive(Debug, Clone)]
pub struct LoggedAccountEvent {
    /// Unique ID.
    pub id: Uuid,
    /// The kind of event.
    pub kind: String,
    /// The organization in whose name it was done.
    pub org: Option<OrgId>,
    /// The actor.
    pub actor: Option<UserId>,
    /// Time of the event.
    pub at: DateTime<Utc>,
    /// The address it came from.
    pub address: Option<String>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The reason.
    pub reason: Option<String>,
    /// `[{field, from, to}]`.
    pub changes: Value,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct EventRow {
    id: DbId,
    kind: String,
    org_id: Option<DbId>,
    actor_id: Option<DbId>,
    occurred_at: DbTime,
    address: Option<String>,
    user_agent: Option<String>,
    reason: Option<String>,
    changes: DbJson,
}

impl Tx<'_> {
    /// Saves an event of an account, in the transaction of its cause (S001-44).
    pub fn record_account(&mut self, event: &AccountEvent) -> Result<(), StoreError> {
        let changes: Vec<Value> =
            event.changes.iter().map(|c| json!({ "field": c.field, "from": c.from, "to": c.to })).collect();
        let row = (
            events::id.eq(DbId(event.id)),
            events::user_id.eq(DbId(event.user.0)),
            events::org_id.eq(event.org.map(|id| DbId(id.0))),
            events::kind.eq(event.kind.as_str()),
            events::actor_id.eq(event.actor.map(|id| DbId(id.0))),
            events::occurred_at.eq(DbTime(event.at)),
            events::request_id.eq(&event.request_id),
            events::address.eq(&event.address),
            events::user_agent.eq(&event.user_agent),
            events::reason.eq(&event.reason),
            events::changes.eq(DbJson(Value::Array(changes))),
        );
        diesel::insert_into(events::table).values(row).execute(self.conn)?;
        Ok(())
    }

    /// Those of these people whose data `reader` is recorded to have read since a time, in the name of `org`:
    /// the same part, for the same purpose.
    pub fn readings_since(
        &mut self,
        org: Option<OrgId>,
        reader: UserId,
        (part, purpose): (&str, &str),
        people: &[UserId],
        since: DateTime<Utc>,
    ) -> Result<BTreeSet<UserId>, StoreError> {
        let of_org = match org {
            Some(org) => events::table.filter(events::org_id.eq(DbId(org.0))).into_boxed(),
            None => events::table.filter(events::org_id.is_null()).into_boxed::<MultiBackend>(),
        };
        let rows: Vec<(DbId, DbJson)> = of_org
            .filter(events::user_id.eq_any(people.iter().map(|user| DbId(user.0)).collect::<Vec<_>>()))
            .filter(events::occurred_at.gt(DbTime(since)))
            .filter(events::kind.eq(AccountEventKind::DataRead.as_str()))
            .filter(events::actor_id.eq(DbId(reader.0)))
            .filter(events::reason.eq(purpose))
            .select((events::user_id, events::changes))
            .load(self.conn)?;
        let is_of = |changes: &Value| changes.as_array().into_iter().flatten().any(|c| c["to"] == part);
        Ok(rows.into_iter().filter(|(_, c)| is_of(&c.0)).map(|(user, _)| UserId(user.0)).collect())
    }

    /// The events of an account, the latest first. Scans 5,000 events, and continues after
    /// [`Found::scanned_until`].
    pub fn account_events(
        &mut self,
        user: UserId,
        filter: &AccountEventFilter,
        page: Page<EventPosition>,
    ) -> Result<Found<LoggedAccountEvent, EventPosition>, StoreError> {
        // An index has the events of one kind in order; those of several kinds are merged.
        let kinds: Vec<Option<&str>> = match filter.kinds {
            [] => vec![None],
            kinds => kinds.iter().map(|kind| Some(kind.as_str())).collect(),
        };
        let share = MAX_SCANNED_ROWS / i64::try_from(kinds.len()).unwrap_or(i64::MAX);
        // For staff of an organization, the scan itself is limited to its events: row security hides all others from them, and
        // PostgreSQL would read any number of hidden events to fill the window.
        let org = filter.org.filter(|_| !filter.or_of_none);
        let (mut rows, mut scanned_until) = (Vec::new(), None::<EventPosition>);
        for kind in kinds {
            let ordered_rows = || ordered_rows(user, org, kind, page.after);
            let window = Window {
                columns: EventRow::as_select(),
                source: ordered_rows().limit(share),
                table: "account_events",
                conditions: filter_conditions(user, filter),
                order: repeated(self.conn, "occurred_at", "id", true),
                limit: page.rows(),
            };
            let found: Vec<EventRow> = window.load(self.conn)?;
            if i64::try_from(found.len()).is_ok_and(|count| count < page.rows()) {
                let end: Option<(DbTime, DbId)> = ordered_rows()
                    .offset(share - 1)
                    .limit(1)
                    .select((events::occurred_at, events::id))
                    .first(self.conn)
                    .optional()?;
                scanned_until = scanned_until.max(end.map(|(at, id)| (at.0, id.0)));
            }
            rows.extend(found.into_iter().map(LoggedAccountEvent::from));
        }
        rows.sort_by_key(|event: &LoggedAccountEvent| std::cmp::Reverse((event.at, event.id)));
        // The page must not pass the place where one of them stopped before it had found enough.
        if let Some(end) = scanned_until {
            rows.retain(|event| (event.at, event.id) >= end);
        }
        rows.truncate(usize::try_from(page.rows()).unwrap_or(usize::MAX));
        Ok(Found { rows, scanned_until })
    }
}

impl From<EventRow> for LoggedAccountEvent {
    fn from(row: EventRow) -> Self {
        Self {
            id: row.id.0,
            kind: row.kind,
            org: row.org_id.map(|id| OrgId(id.0)),
            actor: row.actor_id.map(|id| UserId(id.0)),
            at: row.occurred_at.0,
            address: row.address,
            user_agent: row.user_agent,
            reason: row.reason,
            changes: row.changes.0,
        }
    }
}

/// The events of an account, of one organization or kind if that is given, the latest first, from a place on.
fn ordered_rows<'a>(
    user: UserId,
    org: Option<OrgId>,
    kind: Option<&'a str>,
    after: Option<EventPosition>,
) -> Boxed<'a> {
    let mut query = events::table.filter(events::user_id.eq(DbId(user.0))).into_boxed();
    if let Some(org) = org {
        query = query.filter(events::org_id.eq(DbId(org.0)));
    }
    if let Some(kind) = kind {
        query = query.filter(events::kind.eq(kind));
    }
    let after = after.map(|(at, id)| (DbTime(at), DbId(id)));
    keyset!(query, || events::occurred_at, || events::id, true, after)
}

/// The conditions on each event, except those that the scan selects by.
fn filter_conditions(user: UserId, filter: &AccountEventFilter) -> Vec<Condition> {
    let mut all = Vec::<Condition>::new();
    if let Some(part) = filter.part {
        let shown = AccountEventKind::ALL.into_iter().filter(|kind| kind.is_shown_in(part));
        all.push(Box::new(events::kind.eq_any(shown.map(AccountEventKind::as_str))));
    }
    if let Some(org) = filter.org.filter(|_| filter.or_of_none) {
        let is_here = events::org_id.is_not_null().and(events::org_id.assume_not_null().eq(DbId(org.0)));
        all.push(Box::new(is_here.or(events::org_id.is_null())));
    }
    if filter.is_claimed {
        let unclaimed = memberships::table
            .filter(memberships::org_id.nullable().eq(events::org_id))
            .filter(memberships::user_id.eq(DbId(user.0)))
            .filter(memberships::unclaimed_name.is_not_null());
        all.push(Box::new(not(exists(unclaimed))));
    }
    if filter.is_by_others {
        let others = events::actor_id.assume_not_null().ne(DbId(user.0));
        all.push(Box::new(events::actor_id.is_not_null().and(others)));
    }
    all
}
