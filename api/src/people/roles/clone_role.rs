use actix_web::post;
use serde::Deserialize;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::RoleKeyValue;

use super::body::{RoleBody, RolePath, find_role};
use super::create_role::add_role;

/// What the copy of a role is called.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"key": "night_manager", "name": "Night manager"}))]
pub(crate) struct CloneRole {
    /// Its key, which never changes. Unique in the organization.
    key: RoleKeyValue,
    /// Its name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>")]
    name: String,
}

/// Clones a role with its permissions
///
/// It requires two-factor log-in if the original does. From then on the two are independent. You cannot grant what you do not hold.
#[utoipa::path(tag = "roles", params(RolePath, IdempotencyKey), request_body = CloneRole, extensions(("x-required-permission" = json!("manage_roles")),
        ("x-problem-codes" = json!(["already_exists", "rule_violated"]))),
    responses((status = 201, description = "The new role.", body = RoleBody)))]
#[post("/orgs/{org_id}/roles/{role_key}/clone")]
pub(super) async fn clone_role(call: Call<RolePath, (), CloneRole>) -> Reply {
    call.write(|ctx, input| {
        let origin = find_role(ctx, &input.path.role_key)?;
        add_role(ctx, &input.body.key, &input.body.name, origin.grants, origin.requires_two_factor)
    })
    .await
}
