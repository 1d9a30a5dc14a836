use actix_web::post;
use application::members::membership_changes::{notify_roles, record_membership};
use application::problem::Problem;
use application::problem_codes::Code;
use roles::RoleKey;
use serde::Deserialize;
use users::AccountEventKind;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::RoleKeyValue;

use super::body::{
    PermissionRequestBody, PermissionRequestPath, ReviewPermissionRequest, find_permission_request,
};

/// The role that fulfils the permission request.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"identity_check": "Called back at the number on file.", "consulted": "Mona Manager", "explanation": "Works nights from now on."}))]
pub(crate) struct GrantPermissionRequest {
    /// The role to grant. Required if a permission was requested; it must grant that permission.
    role: Option<RoleKeyValue>,
    #[serde(flatten)]
    review: ReviewPermissionRequest,
}

/// Grants a permission request
///
/// The member immediately gets the role in addition to their others, and the locations of the request. You cannot decide on your own request, or give what you do not hold.
/// Returns 409 if the request was decided.
#[utoipa::path(tag = "permission_requests", params(PermissionRequestPath, IdempotencyKey), request_body = GrantPermissionRequest,
    extensions(("x-required-permission" = json!("decide_permission_requests")),
        ("x-problem-codes" = json!(["conflict", "invalid_transition", "reference_not_found", "rule_violated"]))),
    responses((status = 200, description = "The decided permission request.", body = PermissionRequestBody)))]
#[post("/orgs/{org_id}/permission-requests/{permission_request_id}/grant")]
pub(super) async fn grant_permission_request(
    call: Call<PermissionRequestPath, (), GrantPermissionRequest>,
) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let request = find_permission_request(ctx, input.path.permission_request_id)?;
        let gone =
            || Problem::new(Code::Conflict, "The person is no longer a member; deny the request instead.");
        let member = ctx.tx.members(org).find(request.user_id)?.ok_or_else(gone)?;
        let known = ctx.tx.roles(org).all()?;
        let role = input.body.role.as_ref().and_then(|word| RoleKey::parse(&word.0));
        let review = (&input.body.review).into();
        let (decided, after, events) =
            request.grant(&ctx.caller, review, role, &member.membership, &known, ctx.now)?;
        ctx.tx.save_permission_request(org, &decided)?;
        ctx.tx.members(org).save(&after)?;
        events.into_iter().for_each(|event| ctx.record(event));
        let why = decided.decision.as_ref().map(|decision| decision.review.explanation.as_str());
        record_membership(
            ctx,
            AccountEventKind::MemberUpdated,
            (Some(&member.membership), Some(&after)),
            why,
        )?;
        if after.roles != member.membership.roles {
            notify_roles(ctx, &member.account, &after, &known)?;
        }
        Answer::ok(&PermissionRequestBody::of(&decided, true))
    })
    .await
}
