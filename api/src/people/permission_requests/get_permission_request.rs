use actix_web::get;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::{PermissionRequestBody, PermissionRequestPath, find_permission_request, is_reviewer};

/// Reads a permission request
///
/// Reviewers read any, members their own.
#[utoipa::path(tag = "permission_requests", params(PermissionRequestPath),
    responses((status = 200, description = "The permission request and the decision on it.", body = PermissionRequestBody)))]
#[get("/orgs/{org_id}/permission-requests/{permission_request_id}")]
pub(super) async fn get_permission_request(call: Call<PermissionRequestPath>) -> Reply {
    call.read(|ctx, input| {
        let request = find_permission_request(ctx, input.path.permission_request_id)?;
        Answer::ok(&PermissionRequestBody::of(&request, is_reviewer(ctx)))
    })
    .await
}
