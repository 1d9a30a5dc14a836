use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use roles::{PermissionRequest, PermissionRequestId, Requested, Review};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Path parameters of a permission request.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct PermissionRequestPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The permission request.
    pub(super) permission_request_id: Uuid,
}

/// The status of a permission request.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PermissionRequestStatus {
    Pending,
    Granted,
    Denied,
}

/// The reviewer's documentation of a decision.
#[derive(Clone, Deserialize, ToSchema)]
#[schema(example = json!({"identity_check": "Called back at the number on file.", "consulted": "Mona Manager", "explanation": "Works nights from now on."}))]
pub(crate) struct ReviewPermissionRequest {
    /// How you checked the identity of the requester.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    identity_check: String,
    /// The organizers you asked, or that there was none to ask.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    consulted: String,
    /// Why; the person reads it.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    explanation: String,
}

impl From<&ReviewPermissionRequest> for Review {
    fn from(sent: &ReviewPermissionRequest) -> Self {
        Self {
            identity_check: sent.identity_check.clone(),
            consulted: sent.consulted.clone(),
            explanation: sent.explanation.clone(),
        }
    }
}

/// A request for a role or a permission. A decision never changes.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionRequest, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a40", "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "status": "granted",
    "requested_role": "manager", "requested_permission": null, "location_ids": [], "justification": "I take over nights.", "granted_role": "manager",
    "explanation": "Works nights from now on.", "identity_check": "Called back.", "consulted": "Mona Manager",
    "decided_by": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1e", "decided_at": "2026-11-22T14:05:00.000000Z", "requested_at": "2026-11-21T08:00:00.000000Z"
}))]
pub(crate) struct PermissionRequestBody {
    id: Uuid,
    /// The user who asks for it.
    user_id: Uuid,
    status: PermissionRequestStatus,
    /// The key of the requested role.
    requested_role: Option<String>,
    requested_permission: Option<String>,
    /// The locations that it is for; empty: those that the member has.
    location_ids: Vec<Uuid>,
    justification: String,
    /// The key of the role that was given.
    granted_role: Option<String>,
    /// Why it was granted or denied.
    explanation: Option<String>,
    /// How the reviewer made sure of the person; for reviewers only.
    identity_check: Option<String>,
    /// Whom the reviewer asked; for reviewers only.
    consulted: Option<String>,
    decided_by: Option<Uuid>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    decided_at: Option<String>,
    #[schema(value_type = DateTime<Utc>)]
    requested_at: String,
}

impl PermissionRequestBody {
    pub(super) fn of(request: &PermissionRequest, is_reviewer: bool) -> Self {
        let decision = request.decision.as_ref();
        let (requested_role, requested_permission) = match &request.wanted {
            Requested::Role(key) => (Some(key.as_str().to_owned()), None),
            Requested::Permission(permission) => (None, Some(permission.as_str().to_owned())),
        };
        let for_reviewers = decision.map(|d| d.review.clone()).filter(|_| is_reviewer);
        Self {
            id: request.id.0,
            user_id: request.user_id.0,
            status: match decision {
                None => PermissionRequestStatus::Pending,
                Some(decision) if decision.role.is_some() => PermissionRequestStatus::Granted,
                Some(_) => PermissionRequestStatus::Denied,
            },
            requested_role,
            requested_permission,
            location_ids: request.locations.iter().map(|id| id.0).collect(),
            justification: request.justification.clone(),
            granted_role: decision.and_then(|d| d.role.as_ref()).map(|key| key.as_str().to_owned()),
            explanation: decision.map(|d| d.review.explanation.clone()),
            identity_check: for_reviewers.as_ref().map(|review| review.identity_check.clone()),
            consulted: for_reviewers.map(|review| review.consulted).filter(|words| !words.is_empty()),
            decided_by: decision.map(|d| d.by.0),
            decided_at: decision.map(|d| instant(d.at)),
            requested_at: instant(request.requested_at),
        }
    }
}

pub(super) fn is_reviewer(ctx: &Context<'_, '_>) -> bool {
    ctx.caller.holds(roles::Permission::DecidePermissionRequests)
}

/// The permission request, if it is the caller's own or the caller reviews. Otherwise 404.
pub(super) fn find_permission_request(
    ctx: &mut Context<'_, '_>,
    id: Uuid,
) -> Result<PermissionRequest, Problem> {
    let found = ctx.tx.permission_request(ctx.caller.org_id, PermissionRequestId(id))?;
    let (user, is_reviewer) = (ctx.caller.user_id, is_reviewer(ctx));
    found.filter(|request| is_reviewer || request.user_id == user).ok_or_else(Problem::not_found)
}
