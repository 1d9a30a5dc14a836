use ::orgs::OrgId;
use ::roles::{Appeal, MembershipDecision, MembershipRequest, MembershipRequestId, MembershipRequestStatus};
use ::users::UserId;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::db::guarded_update::one_row;
use crate::db::keyset::behind;
use crate::db::schema::{membership_requests as requests, memberships, orgs, users};
use crate::db::sql_types::{DbId, DbTime};
use crate::members::shown_identity::{shown_email, shown_name};
use crate::{Page, StoreError, Tx};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
struct RequestRow {
    org_id: DbId,
    id: DbId,
    user_id: DbId,
    status: String,
    message: Option<String>,
    requested_at: DbTime,
    is_approved: Option<bool>,
    reason: Option<String>,
    decided_by: Option<DbId>,
    decided_at: Option<DbTime>,
    appeal: Option<String>,
    appealed_at: Option<DbTime>,
    appeal_is_approved: Option<bool>,
    appeal_reason: Option<String>,
    appeal_decided_by: Option<DbId>,
    appeal_decided_at: Option<DbTime>,
    version: i64,
}

impl From<&MembershipRequest> for RequestRow {
    fn from(request: &MembershipRequest) -> Self {
        let decision = request.decision.as_ref();
        let appeal = request.appeal.as_ref();
        let last = appeal.and_then(|appeal| appeal.decision.as_ref());
        Self {
            org_id: DbId(request.org_id.0),
            id: DbId(request.id.0),
            user_id: DbId(request.user_id.0),
            status: request.status().as_str().to_owned(),
            message: request.message.clone(),
            requested_at: DbTime(request.requested_at),
            is_approved: decision.map(|d| d.is_approved),
            reason: decision.and_then(|d| d.reason.clone()),
            decided_by: decision.and_then(|d| d.by).map(|by| DbId(by.0)),
            decided_at: decision.map(|d| DbTime(d.at)),
            appeal: appeal.map(|a| a.text.clone()),
            appealed_at: appeal.map(|a| DbTime(a.at)),
            appeal_is_approved: last.map(|d| d.is_approved),
            appeal_reason: last.and_then(|d| d.reason.clone()),
            appeal_decided_by: last.and_then(|d| d.by).map(|by| DbId(by.0)),
            appeal_decided_at: last.map(|d| DbTime(d.at)),
            version: request.version,
        }
    }
}

impl From<RequestRow> for MembershipRequest {
    fn from(row: RequestRow) -> Self {
        let last =
            decision(row.appeal_is_approved, row.appeal_reason, row.appeal_decided_by, row.appeal_decided_at);
        let appeal = row.appeal.zip(row.appealed_at);
        Self {
            id: MembershipRequestId(row.id.0),
            org_id: OrgId(row.org_id.0),
            user_id: UserId(row.user_id.0),
            message: row.message,
            requested_at: row.requested_at.0,
            decision: decision(row.is_approved, row.reason, row.decided_by, row.decided_at),
            appeal: appeal.map(|(text, at)| Appeal { text, at: at.0, decision: last }),
            version: row.version,
        }
    }
}

fn decision(
    is_approved: Option<bool>,
    reason: Option<String>,
    by: Option<DbId>,
    at: Option<DbTime>,
) -> Option<MembershipDecision> {
    let (is_approved, at) = is_approved.zip(at)?;
    Some(MembershipDecision { is_approved, reason, by: by.map(|by| UserId(by.0)), at: at.0 })
}

/// A request to join, with the names of both sides.
#[derive(Debug, Clone)]
pub struct NamedMembershipRequest {
    /// The request.
    pub request: MembershipRequest,
    /// The organization's name.
    pub org_name: String,
    /// Its slug.
    pub org_slug: String,
    /// The requester's name.
    pub user_name: String,
    /// The requester's address.
    pub user_email: String,
}

/// Which requests to join are selected; all conditions have to hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct MembershipRequestFilter {
    /// Of this organization.
    pub org: Option<OrgId>,
    /// Of this requester.
    pub user: Option<UserId>,
    /// Only this one.
    pub id: Option<MembershipRequestId>,
    /// With this status.
    pub status: Option<MembershipRequestStatus>,
}

impl Tx<'_> {
    /// Saves a new request to join.
    pub fn add_membership_request(&mut self, request: &MembershipRequest) -> Result<(), StoreError> {
        diesel::insert_into(requests::table).values(RequestRow::from(request)).execute(self.conn)?;
        Ok(())
    }

    /// Requests to join, the latest first.
    pub fn membership_requests(
        &mut self,
        filter: MembershipRequestFilter,
        page: Page<MembershipRequestId>,
    ) -> Result<Vec<NamedMembershipRequest>, StoreError> {
        let here = memberships::org_id.eq(requests::org_id).and(memberships::user_id.eq(requests::user_id));
        let mut query = requests::table
            .inner_join(orgs::table)
            .inner_join(users::table)
            .left_join(memberships::table.on(here))
            .limit(page.rows())
            .select((RequestRow::as_select(), orgs::name, orgs::slug, shown_name(), shown_email()))
            .into_boxed();
        if let Some(org) = filter.org {
            query = query.filter(requests::org_id.eq(DbId(org.0)));
        }
        if let Some(user) = filter.user {
            query = query.filter(requests::user_id.eq(DbId(user.0)));
        }
        if let Some(id) = filter.id {
            query = query.filter(requests::id.eq(DbId(id.0)));
        }
        // The status is a range, and part of the order, so that only the index by status has that order. Otherwise PostgreSQL reads
        // all requests by id if it expects to find enough of this status soon.
        query = match (filter.status.map(|status| status.as_str()), page.after) {
            (Some(status), Some(after)) => {
                let place = (requests::status, requests::id);
                query.filter(requests::status.ge(status)).filter(behind(place, (status, DbId(after.0)), true))
            }
            (Some(status), None) => query.filter(requests::status.between(status, status)),
            (None, Some(after)) => query.filter(requests::id.lt(DbId(after.0))),
            (None, None) => query,
        };
        query = match filter.status {
            Some(_) => query.order((requests::status.desc(), requests::id.desc())),
            None => query.order(requests::id.desc()),
        };
        let rows: Vec<(RequestRow, String, String, String, String)> = query.load(self.conn)?;
        let named = |(row, org_name, org_slug, user_name, user_email): (RequestRow, _, _, _, _)| {
            NamedMembershipRequest { request: row.into(), org_name, org_slug, user_name, user_email }
        };
        Ok(rows.into_iter().map(named).collect())
    }

    /// Saves a request. Returns `Stale` if it was changed meanwhile.
    pub fn save_membership_request(&mut self, request: &MembershipRequest) -> Result<(), StoreError> {
        let row = RequestRow { version: request.version + 1, ..RequestRow::from(request) };
        let unchanged =
            requests::table.find((row.org_id, row.id)).filter(requests::version.eq(request.version));
        one_row(diesel::update(unchanged).set(row).execute(self.conn)?)
    }

    /// Removes the pending request, if there is one.
    pub(crate) fn remove_open_membership_request(
        &mut self,
        org: OrgId,
        user: UserId,
    ) -> Result<(), StoreError> {
        // A literal, as in the predicate of `membership_requests_open_key`: with a parameter, the partial
        // index could not be used.
        let [pending, appealed] =
            [MembershipRequestStatus::Pending, MembershipRequestStatus::Appealed].map(|s| s.as_str());
        let is_open = sql::<Bool>(&format!("membership_requests.status IN ('{pending}', '{appealed}')"));
        let waiting = requests::table
            .filter(requests::org_id.eq(DbId(org.0)))
            .filter(requests::user_id.eq(DbId(user.0)))
            .filter(is_open);
        diesel::delete(waiting).execute(self.conn)?;
        Ok(())
    }

    /// Removes a withdrawn request. Returns `Stale` if it was decided meanwhile.
    pub fn remove_membership_request(&mut self, request: &MembershipRequest) -> Result<(), StoreError> {
        let unchanged = requests::table
            .find((DbId(request.org_id.0), DbId(request.id.0)))
            .filter(requests::version.eq(request.version));
        one_row(diesel::delete(unchanged).execute(self.conn)?)
    }
}
