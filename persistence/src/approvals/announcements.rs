//! Announcements to the holders of rights to approve critical changes: others got such a right, or lost it
//! (S001-30). One announcement covers all that one change did, and notifies a bounded number of holders per
//! transaction.

use std::collections::BTreeMap;

use ::orgs::OrgId;
use ::roles::VOTE_DAYS;
use ::users::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

use crate::db::connection::{AnyConnection, MultiBackend};
use crate::db::guarded_update::one_row;
use crate::db::queues::Queue;
use crate::db::schema::{announcements, approvers};
use crate::db::sql_types::{DbId, DbTime};
use crate::{StoreError, Tx};

/// Approvers whose announcement is ended in one transaction.
const END_BATCH_SIZE: i64 = 500;

/// A change of the approvers of which not all holders are notified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    key: String,
    /// The organization; `None`: the platform.
    pub org: Option<OrgId>,
    /// Whether it announces lost rights.
    pub is_lost: bool,
    announces_at: DateTime<Utc>,
    mailed_until: Option<UserId>,
}

/// A person whom an announcement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewApprover {
    /// The account.
    pub user: UserId,
    /// Time since which they have been a holder of the right: holders who came later are not notified.
    pub known_since: DateTime<Utc>,
    /// When the first of their votes starts.
    pub vote_starts_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = announcements)]
struct Row {
    announcement_key: String,
    org_id: Option<DbId>,
    is_lost: bool,
    announces_at: DbTime,
    mailed_until: Option<DbId>,
}

type Approvers<'a> = diesel::helper_types::IntoBoxed<'a, approvers::table, MultiBackend>;

fn approvers_of<'a>(org: Option<OrgId>) -> Approvers<'a> {
    match org {
        Some(org) => approvers::table.filter(approvers::org_id.eq(DbId(org.0))).into_boxed(),
        None => approvers::table.filter(approvers::org_id.is_null()).into_boxed(),
    }
}

impl Announcement {
    /// The rows that it is about. A row that changed again since belongs to a later announcement.
    fn about<'a>(&self) -> Approvers<'a> {
        let changed = approvers_of(self.org).filter(approvers::announces_at.eq(DbTime(self.announces_at)));
        match self.is_lost {
            true => changed.filter(approvers::lost_at.is_not_null()),
            false => changed.filter(approvers::lost_at.is_null()),
        }
    }
}

impl Tx<'_> {
    /// Adds an announcement of rights that changed at this time.
    pub(crate) fn add_announcement(
        &mut self,
        org: Option<OrgId>,
        is_lost: bool,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let of = org.map_or_else(|| "-".to_owned(), |org| org.0.simple().to_string());
        let change = if is_lost { "lost" } else { "new" };
        let row = (
            announcements::announcement_key.eq(format!("{of} {change} {}", at.timestamp_micros())),
            announcements::org_id.eq(org.map(|org| DbId(org.0))),
            announcements::is_lost.eq(is_lost),
            announcements::announces_at.eq(DbTime(at)),
        );
        let insert = diesel::insert_into(announcements::table).values(row);
        // Two rights may change at once.
        match &mut *self.conn {
            AnyConnection::Postgres(conn) => insert.on_conflict_do_nothing().execute(conn)?,
            AnyConnection::Sqlite(conn) => insert.on_conflict_do_nothing().execute(conn)?,
        };
        self.filled.push(Queue::Announcements);
        Ok(())
    }

    /// Open announcements, the oldest first, from a place in this order on.
    pub fn announcements_due(
        &mut self,
        after: Option<(DateTime<Utc>, String)>,
        at_most: i64,
    ) -> Result<Vec<(DateTime<Utc>, String)>, StoreError> {
        let due = announcements::table
            .order((announcements::announces_at, announcements::announcement_key))
            .limit(at_most)
            .select((announcements::announces_at, announcements::announcement_key))
            .into_boxed::<MultiBackend>();
        let due = match after {
            Some((at, key)) => due.filter(announcements::announces_at.ge(DbTime(at))).filter(
                announcements::announces_at.gt(DbTime(at)).or(announcements::announcement_key.gt(key)),
            ),
            None => due,
        };
        let rows: Vec<(DbTime, String)> = due.load(self.conn)?;
        Ok(rows.into_iter().map(|(at, key)| (at.0, key)).collect())
    }

    /// The announcement with this key, unless it has ended.
    pub fn announcement(&mut self, key: &str) -> Result<Option<Announcement>, StoreError> {
        let row: Option<Row> =
            announcements::table.find(key).select(Row::as_select()).first(self.conn).optional()?;
        Ok(row.map(|row| Announcement {
            key: row.announcement_key,
            org: row.org_id.map(|id| OrgId(id.0)),
            is_lost: row.is_lost,
            announces_at: row.announces_at.0,
            mailed_until: row.mailed_until.map(|id| UserId(id.0)),
        }))
    }

    /// The people that it is about, each once.
    pub fn announced(&mut self, announcement: &Announcement) -> Result<Vec<NewApprover>, StoreError> {
        let rows: Vec<(DbId, DbTime, DbTime)> = announcement
            .about()
            .select((approvers::user_id, approvers::known_since, approvers::vote_starts_at))
            .load(self.conn)?;
        let mut found: BTreeMap<UserId, NewApprover> = BTreeMap::new();
        for (user, known_since, vote_starts_at) in rows {
            let new = NewApprover {
                user: UserId(user.0),
                known_since: known_since.0,
                vote_starts_at: vote_starts_at.0,
            };
            let one = found.entry(new.user).or_insert(new);
            one.known_since = one.known_since.max(new.known_since);
            one.vote_starts_at = one.vote_starts_at.min(new.vote_starts_at);
        }
        Ok(found.into_values().collect())
    }

    /// The next people in the order of their ids, and since when each has been a holder. Includes all who
    /// hold a right there, who lost it less than seven days ago, or who lost it by the announced change at any
    /// time.
    pub fn next_to_notify(
        &mut self,
        announcement: &Announcement,
        now: DateTime<Utc>,
        at_most: i64,
    ) -> Result<BTreeMap<UserId, DateTime<Utc>>, StoreError> {
        let asked_since = DbTime(now - TimeDelta::days(VOTE_DAYS));
        let announced = approvers::announces_at
            .is_not_null()
            .and(approvers::announces_at.assume_not_null().eq(DbTime(announcement.announces_at)));
        let lost_lately =
            approvers::lost_at.is_not_null().and(approvers::lost_at.assume_not_null().gt(asked_since));
        let holders_query = || {
            approvers_of(announcement.org).filter(approvers::lost_at.is_null().or(lost_lately).or(announced))
        };
        let mut holders = holders_query();
        if let Some(last) = announcement.mailed_until {
            holders = holders.filter(approvers::user_id.gt(DbId(last.0)));
        }
        let ids: Vec<DbId> = holders
            .select(approvers::user_id)
            .distinct()
            .order(approvers::user_id)
            .limit(at_most)
            .load(self.conn)?;
        let rows: Vec<(DbId, DbTime)> = holders_query()
            .filter(approvers::user_id.eq_any(ids))
            .select((approvers::user_id, approvers::known_since))
            .load(self.conn)?;
        let mut known: BTreeMap<UserId, DateTime<Utc>> = BTreeMap::new();
        for (user, since) in rows {
            let first = known.entry(UserId(user.0)).or_insert(since.0);
            *first = since.0.min(*first);
        }
        Ok(known)
    }

    /// Saves how far the holders are notified. Returns `Stale` if another process has done so since.
    pub fn save_notified(&mut self, announcement: &Announcement, until: UserId) -> Result<(), StoreError> {
        let row = || announcements::table.find(&announcement.key);
        let notified = announcements::mailed_until.eq(Some(DbId(until.0)));
        one_row(match announcement.mailed_until {
            Some(last) => {
                let unchanged = row().filter(announcements::mailed_until.eq(DbId(last.0)));
                diesel::update(unchanged).set(notified).execute(self.conn)?
            }
            None => {
                let unchanged = row().filter(announcements::mailed_until.is_null());
                diesel::update(unchanged).set(notified).execute(self.conn)?
            }
        })
    }

    /// Ends an announcement once all are notified. Returns whether another transaction has to continue.
    pub fn end_announcement(&mut self, announcement: &Announcement) -> Result<bool, StoreError> {
        let keys: Vec<String> =
            announcement.about().select(approvers::approver_key).limit(END_BATCH_SIZE).load(self.conn)?;
        let is_more = i64::try_from(keys.len()).unwrap_or(i64::MAX) == END_BATCH_SIZE;
        diesel::update(approvers::table.filter(approvers::approver_key.eq_any(keys)))
            .filter(approvers::announces_at.eq(DbTime(announcement.announces_at)))
            .set(approvers::announces_at.eq(None::<DbTime>))
            .execute(self.conn)?;
        if !is_more {
            diesel::delete(announcements::table.find(&announcement.key)).execute(self.conn)?;
        }
        Ok(is_more)
    }
}
