use actix_web::post;
use application::context::{Context, new_id};
use application::notifications::pending_decisions::{DecisionKind, PendingDecision, notify_members};
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use persistence::{Page, PermissionRequestFilter};
use roles::{PermissionRequest, PermissionRequestId, Requested, RoleKey};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::RoleKeyValue;

use super::body::{PermissionRequestBody, is_reviewer};
use crate::organizations::orgs::OrgPath;
use crate::people::members::{find_locations, find_member};
use crate::people::roles::PermissionKey;

/// The requested role or permission, and why.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"requested_role": "manager", "justification": "I take over nights."}))]
pub(crate) struct CreatePermissionRequest {
    /// The key of a role; this or `requested_permission`.
    requested_role: Option<RoleKeyValue>,
    /// A permission, by whichever role the reviewer finds right.
    requested_permission: Option<PermissionKey>,
    /// The locations that the role is requested for. Default: your own. They are granted with the role.
    #[schema(max_items = 100)]
    location_ids: Option<Vec<Uuid>>,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    justification: String,
}

/// Requests a role or a permission
///
/// Open to every member. Only one request for the same role or permission can be pending, and what you already hold cannot be requested.
#[utoipa::path(tag = "permission_requests", params(OrgPath, IdempotencyKey), request_body = CreatePermissionRequest,
    extensions(("x-problem-codes" = json!(["already_exists", "conflict", "reference_not_found", "rule_violated"]))),
    responses((status = 201, description = "The new permission request.", body = PermissionRequestBody)))]
#[post("/orgs/{org_id}/permission-requests")]
pub(super) async fn create_permission_request(call: Call<OrgPath, (), CreatePermissionRequest>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        // With the lock, the second of two equal concurrent requests finds the first.
        ctx.tx.members(org).lock_memberships()?;
        let wanted = requested_grants(ctx, &input.body)?;
        let locations = find_locations(ctx, input.body.location_ids.as_deref().unwrap_or_default())?;
        let held = find_member(ctx, ctx.caller.user_id)?.membership.roles;
        require_new_request(ctx, &wanted)?;
        let id = PermissionRequestId(new_id());
        let why = input.body.justification.clone();
        let (request, event) =
            PermissionRequest::create(id, &ctx.caller, &held, (wanted, locations), why, ctx.now)?;
        ctx.tx.add_permission_request(org, &request)?;
        ctx.record(event);
        let waiting = PendingDecision { kind: DecisionKind::PermissionRequest, id: id.0, org: Some(org) };
        notify_members(ctx.tx, waiting, ctx.now)?;
        let place = format!("/api/v1/orgs/{}/permission-requests/{}", org.0, id.0);
        Answer::created(place, &PermissionRequestBody::of(&request, is_reviewer(ctx)))
    })
    .await
}

fn requested_grants(ctx: &mut Context<'_, '_>, sent: &CreatePermissionRequest) -> Result<Requested, Problem> {
    match (&sent.requested_role, &sent.requested_permission) {
        (Some(RoleKeyValue(word)), None) => {
            let known = ctx.tx.roles(ctx.caller.org_id).all()?;
            let key = RoleKey::parse(word).filter(|key| known.iter().any(|role| role.key == *key));
            key.map(Requested::Role).ok_or_else(|| Problem::no_such_reference("#/requested_role", "role"))
        }
        (None, Some(permission)) => Ok(Requested::Permission(permission.0)),
        _ => Err(Problem::rule("#/requested_role", &"name a role or a permission, and not both")),
    }
}

/// Only one request for the same role or permission can be pending (S000-17).
fn require_new_request(ctx: &mut Context<'_, '_>, wanted: &Requested) -> Result<(), Problem> {
    let (org, user) = (ctx.caller.org_id, ctx.caller.user_id);
    let filter = PermissionRequestFilter { user: Some(user), is_decided: Some(false) };
    let open = ctx.tx.permission_requests(org, filter, Page { after: None, limit: 99 })?;
    if open.iter().all(|request| request.wanted != *wanted) {
        return Ok(());
    }
    let fault = Fault::at("#/requested_role", "already_exists", "You have already requested this.");
    Err(Problem::new(Code::AlreadyExists, "You have already requested this.").with_errors(vec![fault]))
}
