use ::orgs::OrgId;
use ::tickets::{StaffScope, Status, TicketId};
use ::users::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::schema::tickets as t;
use crate::sql_types::{DbId, DbTime};
use crate::ticket_filter::{Boxed, reached};
use crate::{StoreError, Tx};

/// How somebody's requests in one organization stand, as far as the reader reaches.
#[derive(Debug, Clone, Default)]
pub struct FiledRequests {
    /// How many stand where.
    pub counts: Vec<(Status, i64)>,
    /// When the first was filed.
    pub first_at: Option<DateTime<Utc>>,
    /// When the first was solved.
    pub first_solved_at: Option<DateTime<Utc>>,
}

/// One of somebody's requests, without its words.
#[derive(Debug, Clone)]
pub struct FiledRequest {
    /// Its identity.
    pub id: TicketId,
    /// The organization.
    pub org: OrgId,
    /// Its number there.
    pub number: i64,
    /// Where it stands.
    pub status: Status,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

impl FiledRequests {
    /// All of them.
    pub fn total(&self) -> i64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

impl Tx<'_> {
    /// How the requests of `user` stand, of those that `reach` holds.
    pub fn filed_requests(
        &mut self,
        org: OrgId,
        user: UserId,
        reach: &StaffScope,
    ) -> Result<FiledRequests, StoreError> {
        let mut counts = Vec::new();
        for status in Status::ALL {
            let here = filed(org, user, reach).filter(t::status.eq(status.as_str()));
            counts.push((status, here.count().get_result(self.conn)?));
        }
        let first_at: Option<DbTime> =
            filed(org, user, reach).order(t::created_at).select(t::created_at).first(self.conn).optional()?;
        let first_solved_at: Option<Option<DbTime>> = filed(org, user, reach)
            .filter(t::resolved_at.is_not_null())
            .order(t::resolved_at)
            .select(t::resolved_at)
            .first(self.conn)
            .optional()?;
        Ok(FiledRequests {
            counts,
            first_at: first_at.map(|at| at.0),
            first_solved_at: first_solved_at.flatten().map(|at| at.0),
        })
    }

    /// The latest requests of `user`, of those that `reach` holds.
    pub fn latest_filed(
        &mut self,
        org: OrgId,
        user: UserId,
        reach: &StaffScope,
        at_most: i64,
    ) -> Result<Vec<FiledRequest>, StoreError> {
        let rows: Vec<(DbId, i64, String, DbTime, DbTime)> = filed(org, user, reach)
            .order((t::created_at.desc(), t::id.desc()))
            .select((t::id, t::number, t::status, t::created_at, t::updated_at))
            .limit(at_most)
            .load(self.conn)?;
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

fn filed<'a>(org: OrgId, user: UserId, reach: &StaffScope) -> Boxed<'a> {
    reached(org, reach).filter(t::requester_id.eq(DbId(user.0)))
}
