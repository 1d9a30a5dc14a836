use ::orgs::{LocationId, OrgId};
use ::roles::{
    Permission, PermissionDecision, PermissionRequest, PermissionRequestId, Requested, Review, RoleKey,
};
use ::users::UserId;
use diesel::prelude::*;
use serde_json::json;

use crate::db::guarded_update::one_row;
use crate::db::schema::permission_requests as requests;
use crate::db::sql_types::{DbId, DbJson, DbTime};
use crate::{Page, StoreError, Tx};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
struct RequestRow {
    org_id: DbId,
    id: DbId,
    user_id: DbId,
    requested_role: Option<String>,
    requested_permission: Option<String>,
    justification: String,
    requested_at: DbTime,
    granted_role: Option<String>,
    identity_check: Option<String>,
    consulted: Option<String>,
    explanation: Option<String>,
    decided_by: Option<DbId>,
    decided_at: Option<DbTime>,
    version: i64,
    location_ids: DbJson,
}

impl RequestRow {
    fn of(org: OrgId, request: &PermissionRequest) -> Self {
        let decision = request.decision.as_ref();
        let (requested_role, requested_permission) = match &request.wanted {
            Requested::Role(key) => (Some(key.as_str().to_owned()), None),
            Requested::Permission(permission) => (None, Some(permission.as_str().to_owned())),
        };
        Self {
            org_id: DbId(org.0),
            id: DbId(request.id.0),
            user_id: DbId(request.user_id.0),
            requested_role,
            requested_permission,
            justification: request.justification.clone(),
            requested_at: DbTime(request.requested_at),
            granted_role: decision.and_then(|d| d.role.as_ref()).map(|key| key.as_str().to_owned()),
            identity_check: decision.map(|d| d.review.identity_check.clone()),
            consulted: decision.map(|d| d.review.consulted.clone()),
            explanation: decision.map(|d| d.review.explanation.clone()),
            decided_by: decision.map(|d| DbId(d.by.0)),
            decided_at: decision.map(|d| DbTime(d.at)),
            version: request.version,
            location_ids: DbJson(request.locations.iter().map(|id| json!(id.0.to_string())).collect()),
        }
    }
}

impl TryFrom<RequestRow> for PermissionRequest {
    type Error = StoreError;

    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        let corrupt = || StoreError::Corrupt("permission_requests");
        let key = |word: &str| RoleKey::parse(word).ok_or_else(corrupt);
        let wanted = match (row.requested_role.as_deref(), row.requested_permission.as_deref()) {
            (Some(word), None) => Requested::Role(key(word)?),
            (None, Some(word)) => Requested::Permission(Permission::parse(word).ok_or_else(corrupt)?),
            _ => return Err(corrupt()),
        };
        let decision = match (row.decided_by, row.decided_at, row.identity_check, row.explanation) {
            (Some(by), Some(at), Some(identity_check), Some(explanation)) => Some(PermissionDecision {
                role: row.granted_role.as_deref().map(key).transpose()?,
                review: Review { identity_check, consulted: row.consulted.unwrap_or_default(), explanation },
                by: UserId(by.0),
                at: at.0,
            }),
            _ => None,
        };
        Ok(Self {
            id: PermissionRequestId(row.id.0),
            user_id: UserId(row.user_id.0),
            wanted,
            locations: row
                .location_ids
                .0
                .as_array()
                .into_iter()
                .flatten()
                .map(|id| id.as_str().and_then(|id| id.parse().ok()).map(LocationId).ok_or_else(corrupt))
                .collect::<Result<_, _>>()?,
            justification: row.justification,
            requested_at: row.requested_at.0,
            decision,
            version: row.version,
        })
    }
}

/// Which permission requests are selected; all conditions have to hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct PermissionRequestFilter {
    /// Of this member.
    pub user: Option<UserId>,
    /// Decided, or pending.
    pub is_decided: Option<bool>,
}

impl Tx<'_> {
    /// Saves a new permission request.
    pub fn add_permission_request(
        &mut self,
        org: OrgId,
        request: &PermissionRequest,
    ) -> Result<(), StoreError> {
        diesel::insert_into(requests::table).values(RequestRow::of(org, request)).execute(self.conn)?;
        Ok(())
    }

    /// The permission request with this id.
    pub fn permission_request(
        &mut self,
        org: OrgId,
        id: PermissionRequestId,
    ) -> Result<Option<PermissionRequest>, StoreError> {
        let row: Option<RequestRow> = requests::table
            .find((DbId(org.0), DbId(id.0)))
            .select(RequestRow::as_select())
            .first(self.conn)
            .optional()?;
        row.map(PermissionRequest::try_from).transpose()
    }

    /// Permission requests, the latest first.
    pub fn permission_requests(
        &mut self,
        org: OrgId,
        filter: PermissionRequestFilter,
        page: Page<PermissionRequestId>,
    ) -> Result<Vec<PermissionRequest>, StoreError> {
        let mut query = requests::table
            .filter(requests::org_id.eq(DbId(org.0)))
            .order(requests::id.desc())
            .limit(page.rows())
            .select(RequestRow::as_select())
            .into_boxed();
        if let Some(user) = filter.user {
            query = query.filter(requests::user_id.eq(DbId(user.0)));
        }
        query = match filter.is_decided {
            Some(true) => query.filter(requests::decided_at.is_not_null()),
            Some(false) => query.filter(requests::decided_at.is_null()),
            None => query,
        };
        if let Some(after) = page.after {
            query = query.filter(requests::id.lt(DbId(after.0)));
        }
        let rows: Vec<RequestRow> = query.load(self.conn)?;
        rows.into_iter().map(PermissionRequest::try_from).collect()
    }

    /// Saves a decision. Returns `Stale` if it was changed meanwhile.
    pub fn save_permission_request(
        &mut self,
        org: OrgId,
        decided: &PermissionRequest,
    ) -> Result<(), StoreError> {
        let row = RequestRow { version: decided.version + 1, ..RequestRow::of(org, decided) };
        let unchanged =
            requests::table.find((row.org_id, row.id)).filter(requests::version.eq(decided.version));
        one_row(diesel::update(unchanged).set(row).execute(self.conn)?)
    }
}
