use ::orgs::OrgId;
use ::tickets::{StaffScope, Status, TicketId};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::tickets as t;
use crate::db::sql_types::{DbId, DbTime};
use crate::db::window::Window;
use crate::tickets::ticket_filter::{Boxed, Condition, reached};
use crate::{StoreError, Tx};

/// Requests that are counted or scanned.
const AT_MOST: i64 = 10_000;

/// A person's requests in one organization, within the reader's reach.
#[derive(Debug, Clone, Default)]
pub struct FiledRequests {
    /// The number of requests per status.
    pub counts: Vec<(Status, i64)>,
    /// When the first was filed.
    pub first_at: Option<DateTime<Utc>>,
    /// When the first was resolved.
    pub first_solved_at: Option<DateTime<Utc>>,
}

/// One of a person's requests, without its texts.
#[derive(Debug, Clone)]
pub struct FiledRequest {
    /// Unique ID.
    pub id: TicketId,
    /// The organization.
    pub org: OrgId,
    /// Its number there.
    pub number: i64,
    /// Its status.
    pub status: Status,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// Time of the last change.
    pub updated_at: DateTime<Utc>,
}

impl FiledRequests {
    /// The number of all requests.
    pub fn total(&self) -> i64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

impl Tx<'_> {
    /// The requests of `user` within `reach`. They are counted among the latest 10,000; the first ones are
    /// searched among the first 10,000.
    pub fn filed_requests(
        &mut self,
        org: OrgId,
        user: UserId,
        reach: &StaffScope,
    ) -> Result<FiledRequests, StoreError> {
        let latest = filed(org, user).order((t::created_at.desc(), t::id.desc()));
        let statuses: Vec<String> = window(t::status, latest, org, reach, AT_MOST).load(self.conn)?;
        let of = |status: Status| statuses.iter().filter(|word| *word == status.as_str()).count();
        let counts = Status::ALL.map(|status| (status, i64::try_from(of(status)).unwrap_or(i64::MAX)));
        let earliest = || filed(org, user).order((t::created_at, t::id));
        let first_at: Option<DbTime> =
            window(t::created_at, earliest(), org, reach, 1).load(self.conn)?.into_iter().next();
        let solved: Vec<Option<DbTime>> =
            window(t::resolved_at, earliest(), org, reach, AT_MOST).load(self.conn)?;
        Ok(FiledRequests {
            counts: counts.to_vec(),
            first_at: first_at.map(|at| at.0),
            first_solved_at: solved.into_iter().flatten().map(|at| at.0).min(),
        })
    }

    /// The latest requests of `user` within `reach`, among their latest 10,000.
    pub fn latest_filed(
        &mut self,
        org: OrgId,
        user: UserId,
        reach: &StaffScope,
        at_most: i64,
    ) -> Result<Vec<FiledRequest>, StoreError> {
        let latest = filed(org, user).order((t::created_at.desc(), t::id.desc()));
        let columns = (t::id, t::number, t::status, t::created_at, t::updated_at);
        let rows: Vec<(DbId, i64, String, DbTime, DbTime)> =
            window(columns, latest, org, reach, at_most).load(self.conn)?;
        rows.into_iter()
            .map(|(id, number, status, created_at, updated_at)| {
                Ok(FiledRequest {
                    id: TicketId(id.0),
                    org,
                    number,
                    status: Status::parse(&status).ok_or(StoreError::Corrupt("tickets.status"))?,
                    created_at: created_at.0,
                    updated_at: updated_at.0,
                })
            })
            .collect()
    }
}

fn filed<'a>(org: OrgId, user: UserId) -> Boxed<'a> {
    t::table.filter(t::org_id.eq(DbId(org.0))).filter(t::requester_id.eq(DbId(user.0))).into_boxed()
}

fn window<'a, S>(
    columns: S,
    all: Boxed<'a>,
    org: OrgId,
    reach: &StaffScope,
    limit: i64,
) -> Window<S, Boxed<'a>, Condition> {
    let conditions = vec![reached(org, reach)];
    Window { columns, source: all.limit(AT_MOST), table: "tickets", conditions, order: None, limit }
}
