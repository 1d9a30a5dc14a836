use ::orgs::OrgId;
use ::roles::{Approval, ApprovalId, CriticalChange, PlatformRole, RoleKey, TakesEffect, Verdict};
use ::users::{DeletionRequest, IdentityMethod, UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::approvals::approvers::{stored_users, users_of};
use crate::db::connection::MultiBackend;
use crate::db::guarded_update::one_row;
use crate::db::keyset::{self, keyset};
use crate::db::schema::{approvals, memberships};
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::{Page, StoreError, Tx};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = approvals)]
struct ApprovalRow {
    id: DbId,
    org_id: Option<DbId>,
    kind: String,
    subject_id: DbId,
    payload: DbJson,
    reason: String,
    requested_by: DbId,
    requested_at: DbTime,
    expires_at: DbTime,
    is_approved: Option<bool>,
    decided_by: Option<DbId>,
    decided_at: Option<DbTime>,
    version: i64,
    requested_through: DbJson,
    is_approvable: bool,
    takes_effect: String,
    settles_at: Option<DbTime>,
    reminds_at: Option<DbTime>,
}

impl From<&Approval> for ApprovalRow {
    fn from(approval: &Approval) -> Self {
        Self {
            id: DbId(approval.id.0),
            org_id: approval.org.map(|org| DbId(org.0)),
            kind: approval.change.kind().to_owned(),
            subject_id: DbId(approval.subject.0),
            payload: DbJson(payload_of(&approval.change)),
            reason: approval.reason.clone(),
            requested_by: DbId(approval.requested_by.0),
            requested_at: DbTime(approval.requested_at),
            expires_at: DbTime(approval.expires_at),
            is_approved: approval.verdict.map(|v| v.is_approved),
            decided_by: approval.verdict.and_then(|v| v.by).map(|by| DbId(by.0)),
            decided_at: approval.verdict.map(|v| DbTime(v.at)),
            version: approval.version,
            requested_through: stored_users(&approval.requested_through),
            is_approvable: approval.is_approvable,
            takes_effect: approval.takes_effect.as_str().to_owned(),
            settles_at: approval.settles_at().map(DbTime),
            reminds_at: approval.reminds_at().map(DbTime),
        }
    }
}

impl TryFrom<ApprovalRow> for Approval {
    type Error = StoreError;

    fn try_from(row: ApprovalRow) -> Result<Self, StoreError> {
        let by = row.decided_by.map(|by| UserId(by.0));
        let verdict = row.is_approved.zip(row.decided_at);
        let verdict = verdict.map(|(is_approved, at)| Verdict { is_approved, by, at: at.0 });
        Ok(Self {
            id: ApprovalId(row.id.0),
            change: change_of(&row.kind, &row.payload.0).ok_or(StoreError::Corrupt("approvals.payload"))?,
            subject: UserId(row.subject_id.0),
            org: row.org_id.map(|id| OrgId(id.0)),
            reason: row.reason,
            requested_by: UserId(row.requested_by.0),
            requested_through: users_of(&row.requested_through.0),
            is_approvable: row.is_approvable,
            takes_effect: TakesEffect::parse(&row.takes_effect)
                .ok_or(StoreError::Corrupt("approvals.takes_effect"))?,
            requested_at: row.requested_at.0,
            expires_at: row.expires_at.0,
            verdict,
            version: row.version,
        })
    }
}

fn payload_of(change: &CriticalChange) -> Value {
    match change {
        CriticalChange::DeleteAccount(request) => json!({
            "method": request.method.as_str(),
            "verified_by": request.verified_by.0,
            "verified_at": request.verified_at.to_rfc3339(),
            "notice_version": request.notice_version,
        }),
        CriticalChange::DemoteOwner(roles) => {
            json!({ "roles": roles.iter().map(RoleKey::as_str).collect::<Vec<_>>() })
        }
        CriticalChange::RemoveOwner | CriticalChange::RemovePlatformOwner => json!({}),
        CriticalChange::GrantPlatformRole(role) => json!({ "role": role.as_str() }),
    }
}

fn change_of(kind: &str, payload: &Value) -> Option<CriticalChange> {
    let text = |name: &str| payload.get(name)?.as_str();
    match kind {
        "delete_account" => Some(CriticalChange::DeleteAccount(DeletionRequest {
            method: IdentityMethod::parse(text("method")?)?,
            verified_by: UserId(text("verified_by")?.parse().ok()?),
            verified_at: text("verified_at")?.parse().ok()?,
            notice_version: i32::try_from(payload.get("notice_version")?.as_i64()?).ok()?,
        })),
        "demote_owner" => {
            let roles = payload.get("roles")?.as_array()?.iter();
            let keys: Option<_> = roles.map(|key| RoleKey::parse(key.as_str()?)).collect();
            Some(CriticalChange::DemoteOwner(keys?))
        }
        "remove_owner" => Some(CriticalChange::RemoveOwner),
        "remove_platform_owner" => Some(CriticalChange::RemovePlatformOwner),
        "grant_platform_role" => Some(CriticalChange::GrantPlatformRole(PlatformRole::parse(text("role")?)?)),
        _ => None,
    }
}

/// A person's unclaimed membership in the organization of the request.
#[diesel::dsl::auto_type]
fn unclaimed_in_org_of_request(user: DbId) -> _ {
    memberships::table
        .filter(memberships::org_id.nullable().eq(approvals::org_id))
        .filter(memberships::user_id.eq(user))
        .filter(memberships::unclaimed_name.is_not_null())
}

type Boxed<'a> = approvals::BoxedQuery<
    'a,
    MultiBackend,
    diesel::dsl::SqlTypeOf<diesel::helper_types::AsSelect<ApprovalRow, MultiBackend>>,
>;

impl Tx<'_> {
    /// Saves a new approval.
    pub fn add_approval(&mut self, approval: &Approval) -> Result<(), StoreError> {
        diesel::insert_into(approvals::table).values(ApprovalRow::from(approval)).execute(self.conn)?;
        Ok(())
    }

    /// The approval with this id: of the organization if one is given, else of the platform.
    pub fn approval(&mut self, org: Option<OrgId>, id: ApprovalId) -> Result<Option<Approval>, StoreError> {
        let mut query = approvals::table
            .filter(approvals::id.eq(DbId(id.0)))
            .select(ApprovalRow::as_select())
            .into_boxed();
        query = match org {
            Some(org) => query.filter(approvals::org_id.eq(DbId(org.0))),
            None => query.filter(approvals::org_id.is_null()),
        };
        query.first(self.conn).optional()?.map(Approval::try_from).transpose()
    }

    /// Approvals, the latest first: of the organization if one is given, else of the platform; only those
    /// about one person if one is given.
    pub fn approvals(
        &mut self,
        org: Option<OrgId>,
        subject: Option<UserId>,
        page: Page<ApprovalId>,
    ) -> Result<Vec<Approval>, StoreError> {
        let after = page.after.map(|after| DbId(after.0));
        let query = approvals::table.limit(page.rows()).select(ApprovalRow::as_select()).into_boxed();
        let latest_first = |query: Boxed<'static>| match after {
            Some(after) => query.filter(approvals::id.lt(after)).order(approvals::id.desc()),
            None => query.order(approvals::id.desc()),
        };
        let query = match (org, subject) {
            (Some(org), None) => {
                // A range, and the organization in the order: in a generic plan, an equality would let
                // PostgreSQL read the approvals of all others.
                let org = DbId(org.0);
                let place = after.map(|after| (Some(org), after));
                let query = query.filter(approvals::org_id.between(org, org));
                keyset!(query, || approvals::org_id, || approvals::id, true, place)
            }
            (Some(org), Some(subject)) => latest_first(
                query
                    .filter(approvals::org_id.eq(DbId(org.0)))
                    .filter(approvals::subject_id.eq(DbId(subject.0))),
            ),
            (None, None) => latest_first(query.filter(approvals::org_id.is_null())),
            (None, Some(subject)) => latest_first(
                query.filter(approvals::org_id.is_null()).filter(approvals::subject_id.eq(DbId(subject.0))),
            ),
        };
        let rows: Vec<ApprovalRow> = query.load(self.conn)?;
        rows.into_iter().map(Approval::try_from).collect()
    }

    /// Undecided approvals about one person, expired ones among them: of the organization if one is given, else of the
    /// platform.
    pub fn undecided_approvals(
        &mut self,
        org: Option<OrgId>,
        subject: UserId,
    ) -> Result<Vec<Approval>, StoreError> {
        let query = approvals::table
            .filter(approvals::subject_id.eq(DbId(subject.0)))
            .filter(approvals::is_approved.is_null())
            .select(ApprovalRow::as_select())
            .into_boxed();
        let query = match org {
            Some(org) => query.filter(approvals::org_id.eq(DbId(org.0))),
            None => query.filter(approvals::org_id.is_null()),
        };
        let rows: Vec<ApprovalRow> = query.load(self.conn)?;
        rows.into_iter().map(Approval::try_from).collect()
    }

    /// Saves a decision. Returns `Stale` if another one was saved first.
    pub fn save_approval(&mut self, decided: &Approval) -> Result<(), StoreError> {
        let row = ApprovalRow::from(decided);
        let unchanged = approvals::table.find(row.id).filter(approvals::version.eq(decided.version));
        let state = (
            approvals::is_approved.eq(row.is_approved),
            approvals::decided_by.eq(row.decided_by),
            approvals::decided_at.eq(row.decided_at),
            approvals::takes_effect.eq(row.takes_effect),
            approvals::settles_at.eq(row.settles_at),
            approvals::reminds_at.eq(row.reminds_at),
            approvals::version.eq(approvals::version + 1),
        );
        one_row(diesel::update(unchanged).set(state).execute(self.conn)?)
    }

    /// The approval with this id, of any organization or the platform.
    pub fn approval_anywhere(&mut self, id: ApprovalId) -> Result<Option<Approval>, StoreError> {
        let row =
            approvals::table.find(DbId(id.0)).select(ApprovalRow::as_select()).first(self.conn).optional()?;
        row.map(Approval::try_from).transpose()
    }

    /// The same if it is about this person, and not of an organization whose membership is unclaimed (R18).
    pub fn approval_about(
        &mut self,
        subject: UserId,
        id: ApprovalId,
    ) -> Result<Option<Approval>, StoreError> {
        let row = approvals::table
            .find(DbId(id.0))
            .filter(approvals::subject_id.eq(DbId(subject.0)))
            .filter(not(exists(unclaimed_in_org_of_request(DbId(subject.0)))))
            .select(ApprovalRow::as_select())
            .first(self.conn)
            .optional()?;
        row.map(Approval::try_from).transpose()
    }

    /// Approvals about one person in all organizations with a claimed membership and on the platform, the
    /// latest first.
    pub fn approvals_about(
        &mut self,
        subject: UserId,
        page: Page<ApprovalId>,
    ) -> Result<Vec<Approval>, StoreError> {
        let mut query = approvals::table
            .filter(approvals::subject_id.eq(DbId(subject.0)))
            .filter(not(exists(unclaimed_in_org_of_request(DbId(subject.0)))))
            .order(approvals::id.desc())
            .limit(page.rows())
            .select(ApprovalRow::as_select())
            .into_boxed();
        if let Some(after) = page.after {
            query = query.filter(approvals::id.lt(DbId(after.0)));
        }
        let rows: Vec<ApprovalRow> = query.load(self.conn)?;
        rows.into_iter().map(Approval::try_from).collect()
    }

    /// Approvals whose seven days have ended without a denial, the oldest first, from a place in this order
    /// on. They are not read here, so that an unreadable one delays no other.
    pub fn approvals_to_settle(
        &mut self,
        now: DateTime<Utc>,
        after: Option<(DateTime<Utc>, ApprovalId)>,
        at_most: i64,
    ) -> Result<Vec<(DateTime<Utc>, ApprovalId)>, StoreError> {
        let due = approvals::table
            .filter(approvals::settles_at.le(DbTime(now)))
            .filter(approvals::reminds_at.is_null())
            .order((approvals::settles_at, approvals::id))
            .limit(at_most)
            .select((approvals::settles_at.assume_not_null(), approvals::id))
            .into_boxed::<MultiBackend>();
        let key = (approvals::settles_at.assume_not_null(), approvals::id);
        let due = match after {
            Some((at, id)) => due.filter(keyset::behind(key, (DbTime(at), DbId(id.0)), false)),
            None => due,
        };
        Ok(due_in_order(due.load(self.conn)?))
    }

    /// Approvals that are due within a day and whose reminder was not sent yet; as
    /// [`Tx::approvals_to_settle`].
    pub fn approvals_to_remind(
        &mut self,
        now: DateTime<Utc>,
        after: Option<(DateTime<Utc>, ApprovalId)>,
        at_most: i64,
    ) -> Result<Vec<(DateTime<Utc>, ApprovalId)>, StoreError> {
        let due = approvals::table
            .filter(approvals::reminds_at.le(DbTime(now)))
            .order((approvals::reminds_at, approvals::id))
            .limit(at_most)
            .select((approvals::reminds_at.assume_not_null(), approvals::id))
            .into_boxed::<MultiBackend>();
        let key = (approvals::reminds_at.assume_not_null(), approvals::id);
        let due = match after {
            Some((at, id)) => due.filter(keyset::behind(key, (DbTime(at), DbId(id.0)), false)),
            None => due,
        };
        Ok(due_in_order(due.load(self.conn)?))
    }

    /// Saves that the reminder was sent, and when the change is made at the earliest. Returns false if
    /// another process did so.
    pub fn record_reminder(&mut self, id: ApprovalId, settles_at: DateTime<Utc>) -> Result<bool, StoreError> {
        let row = approvals::table.find(DbId(id.0)).filter(approvals::reminds_at.is_not_null());
        Ok(diesel::update(row)
            .set((
                approvals::reminds_at.eq(None::<DbTime>),
                approvals::settles_at.eq(Some(DbTime(settles_at))),
            ))
            .execute(self.conn)?
            == 1)
    }
}

fn due_in_order(rows: Vec<(DbTime, DbId)>) -> Vec<(DateTime<Utc>, ApprovalId)> {
    rows.into_iter().map(|(at, id)| (at.0, ApprovalId(id.0))).collect()
}
