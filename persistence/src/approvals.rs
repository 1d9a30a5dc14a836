use ::orgs::OrgId;
use ::roles::{Approval, ApprovalId, CriticalChange, PlatformRole, RoleKey, Verdict};
use ::users::{DeletionRequest, IdentityMethod, UserId};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::orgs::one_row;
use crate::schema::approvals;
use crate::sql_types::{DbId, DbJson, DbTime};
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
            decided_by: approval.verdict.map(|v| DbId(v.by.0)),
            decided_at: approval.verdict.map(|v| DbTime(v.at)),
            version: approval.version,
        }
    }
}

impl TryFrom<ApprovalRow> for Approval {
    type Error = StoreError;

    fn try_from(row: ApprovalRow) -> Result<Self, StoreError> {
        let verdict = match (row.is_approved, row.decided_by, row.decided_at) {
            (Some(is_approved), Some(by), Some(at)) => {
                Some(Verdict { is_approved, by: UserId(by.0), at: at.0 })
            }
            _ => None,
        };
        Ok(Self {
            id: ApprovalId(row.id.0),
            change: change_of(&row.kind, &row.payload.0).ok_or(StoreError::Corrupt("approvals.payload"))?,
            subject: UserId(row.subject_id.0),
            org: row.org_id.map(|id| OrgId(id.0)),
            reason: row.reason,
            requested_by: UserId(row.requested_by.0),
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

impl Tx<'_> {
    /// Keeps a new one.
    pub fn add_approval(&mut self, approval: &Approval) -> Result<(), StoreError> {
        diesel::insert_into(approvals::table).values(ApprovalRow::from(approval)).execute(self.conn)?;
        Ok(())
    }

    /// The approval with this id: of the organization if one is named, else of the installation.
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

    /// Approvals, the latest first: of the organization if one is named, else of the installation; those about one person if one is named.
    pub fn approvals(
        &mut self,
        org: Option<OrgId>,
        subject: Option<UserId>,
        page: Page<ApprovalId>,
    ) -> Result<Vec<Approval>, StoreError> {
        let mut query = approvals::table
            .order(approvals::id.desc())
            .limit(page.rows())
            .select(ApprovalRow::as_select())
            .into_boxed();
        query = match org {
            Some(org) => query.filter(approvals::org_id.eq(DbId(org.0))),
            None => query.filter(approvals::org_id.is_null()),
        };
        if let Some(subject) = subject {
            query = query.filter(approvals::subject_id.eq(DbId(subject.0)));
        }
        if let Some(after) = page.after {
            query = query.filter(approvals::id.lt(DbId(after.0)));
        }
        let rows: Vec<ApprovalRow> = query.load(self.conn)?;
        rows.into_iter().map(Approval::try_from).collect()
    }

    /// Keeps what was decided, unless somebody else was quicker (`Stale`).
    pub fn save_approval(&mut self, decided: &Approval) -> Result<(), StoreError> {
        let row = ApprovalRow::from(decided);
        let unchanged = approvals::table.find(row.id).filter(approvals::version.eq(decided.version));
        let state = (
            approvals::is_approved.eq(row.is_approved),
            approvals::decided_by.eq(row.decided_by),
            approvals::decided_at.eq(row.decided_at),
            approvals::version.eq(approvals::version + 1),
        );
        one_row(diesel::update(unchanged).set(state).execute(self.conn)?)
    }
}
