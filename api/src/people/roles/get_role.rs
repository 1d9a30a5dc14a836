use actix_web::get;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{AUDIENCE, RoleBody, RolePath, find_role};

/// Reads a role
#[utoipa::path(tag = "roles", params(RolePath, IfNoneMatch), extensions(("x-required-permission" = json!("view_members"))), responses(
    (status = 200, description = "The role.", body = RoleBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}/roles/{role_key}")]
pub(super) async fn get_role(call: Call<RolePath>) -> Reply {
    call.read(|ctx, input| {
        let role = find_role(ctx, &input.path.role_key)?;
        Ok(Answer::ok(&RoleBody::from(&role))?.tagged(role.version, AUDIENCE))
    })
    .await
}
