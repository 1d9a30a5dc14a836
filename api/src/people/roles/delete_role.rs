use actix_web::delete;
use application::problem::Problem;
use persistence::StoreError;
use roles::RoleChangeRefused;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{AUDIENCE, RolePath, find_role};

/// Deletes a role without members
///
/// Returns 409 if a member holds the role, if an open invitation offers it, and if it is seeded.
#[utoipa::path(tag = "roles", params(RolePath, IfMatch), extensions(("x-required-permission" = json!("manage_roles")),
        ("x-problem-codes" = json!(["conflict"]))),
    responses((status = 204, description = "The role is deleted.")))]
#[delete("/orgs/{org_id}/roles/{role_key}")]
pub(super) async fn delete_role(call: Call<RolePath>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        let role = find_role(ctx, &input.path.role_key)?;
        input.meta.require_match(role.version, AUDIENCE)?;
        ctx.tx.members(org).lock_memberships()?;
        let is_in_use = ctx.tx.roles(org).is_in_use(&role.key)?;
        let event = role.delete(&ctx.caller, is_in_use)?;
        ctx.tx.roles(org).remove(&role).map_err(|e| match e {
            StoreError::Referenced => Problem::from(RoleChangeRefused::InUse),
            other => other.into(),
        })?;
        ctx.record(event);
        Ok(Answer::no_content())
    })
    .await
}
