use actix_web::post;
use application::mail::queue::OutgoingMail;
use mail::MailKind;
use roles::Requested;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{
    PermissionRequestBody, PermissionRequestPath, ReviewPermissionRequest, find_permission_request,
};

/// Denies a permission request
///
/// The person is notified of the reason. You cannot decide on your own request. Returns 409 if the request was decided.
#[utoipa::path(tag = "permission_requests", params(PermissionRequestPath, IdempotencyKey), request_body = ReviewPermissionRequest,
    extensions(("x-required-permission" = json!("decide_permission_requests")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The decided permission request.", body = PermissionRequestBody)))]
#[post("/orgs/{org_id}/permission-requests/{permission_request_id}/deny")]
pub(super) async fn deny_permission_request(
    call: Call<PermissionRequestPath, (), ReviewPermissionRequest>,
) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let request = find_permission_request(ctx, input.path.permission_request_id)?;
        let (decided, event) = request.deny(&ctx.caller, (&input.body).into(), ctx.now)?;
        ctx.tx.save_permission_request(org, &decided)?;
        ctx.record(event);
        let wanted = match &decided.wanted {
            Requested::Role(key) => key.as_str(),
            Requested::Permission(permission) => permission.as_str(),
        };
        let explanation = decided.decision.as_ref().map(|d| d.review.explanation.clone()).unwrap_or_default();
        if let Some(account) = ctx.tx.members(org).reachable(decided.user_id)? {
            OutgoingMail::to(&account, MailKind::PermissionDenied)
                .from(org)
                .variable("permission", wanted)
                .variable("explanation", explanation)
                .queue(ctx.tx, ctx.now)?;
        }
        Answer::ok(&PermissionRequestBody::of(&decided, true))
    })
    .await
}
