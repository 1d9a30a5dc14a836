use actix_web::post;
use mail::MailKind;
use roles::Wanted;

use super::body::{PermissionRequestBody, PermissionRequestPath, ReviewPermissionRequest};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::mail::Letter;
use crate::openapi::IdempotencyKey;

/// Denies a wish for more rights
///
/// The person is told why. Nobody decides on his own wish; one that was decided is 409.
#[utoipa::path(tag = "permission_requests", params(PermissionRequestPath, IdempotencyKey), request_body = ReviewPermissionRequest,
    extensions(("x-required-permission" = json!("decide_permission_requests"))),
    responses((status = 200, description = "The wish as it was decided.", body = PermissionRequestBody)))]
#[post("/orgs/{org_id}/permission-requests/{permission_request_id}/deny")]
pub(super) async fn deny_permission_request(
    call: Call<PermissionRequestPath, (), ReviewPermissionRequest>,
) -> Reply {
    call.write(|work, input| {
        let org = work.who.org_id;
        let request = work.permission_request(input.path.permission_request_id)?;
        let (decided, event) = request.deny(&work.who, (&input.body).into(), work.now)?;
        work.tx.save_permission_request(org, &decided)?;
        work.record(event);
        let wanted = match &decided.wanted {
            Wanted::Role(key) => key.as_str(),
            Wanted::Permission(permission) => permission.as_str(),
        };
        let explanation = decided.decision.as_ref().map(|d| d.review.explanation.clone()).unwrap_or_default();
        if let Some(account) = work.tx.members(org).reachable(decided.user_id)? {
            Letter::to(&account, MailKind::PermissionDenied)
                .from(org)
                .telling("permission", wanted)
                .telling("explanation", explanation)
                .queue(work.tx, work.now)?;
        }
        Answer::ok(&PermissionRequestBody::of(&decided, true))
    })
    .await
}
