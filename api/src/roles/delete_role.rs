use actix_web::delete;
use persistence::StoreError;
use roles::RoleChangeRefused;

use super::body::{AUDIENCE, RolePath};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IfMatch;
use crate::problem::Problem;

/// Deletes a role that nobody holds
///
/// One that somebody holds or is invited to is 409, and so is one that every organization has.
#[utoipa::path(tag = "roles", params(RolePath, IfMatch), extensions(("x-required-permission" = json!("manage_roles"))),
    responses((status = 204, description = "Gone.")))]
#[delete("/orgs/{org_id}/roles/{role_key}")]
pub(super) async fn delete_role(call: Call<RolePath>) -> Reply {
    call.write(|work, input| {
        let org = work.who.org_id;
        let role = work.role(&input.path.role_key)?;
        work.require_match(role.version, AUDIENCE)?;
        work.tx.members(org).one_at_a_time()?;
        let is_in_use = work.tx.roles(org).is_in_use(&role.key)?;
        let event = role.delete(&work.who, is_in_use)?;
        work.tx.roles(org).remove(&role).map_err(|e| match e {
            StoreError::Referenced => Problem::from(RoleChangeRefused::InUse),
            other => other.into(),
        })?;
        work.record(event);
        Ok(Answer::no_content())
    })
    .await
}
