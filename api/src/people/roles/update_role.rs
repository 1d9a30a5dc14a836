use actix_web::patch;
use application::problem::Problem;
use orgs::Name;
use roles::Role;
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;

use super::body::{AUDIENCE, RoleBody, RolePath, find_role};
use crate::accounts::two_factor::require_own;

/// Changes of a role; `replace_role_permissions` changes what it grants.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"name": "Reception"}))]
pub(crate) struct UpdateRole {
    /// Its name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>", nullable = false)]
    name: Option<String>,
    /// Whether its holders can act in the organization only with two-factor log-in. Takes effect immediately, for open
    /// sessions too.
    #[schema(nullable = false)]
    requires_two_factor: Option<bool>,
}

/// Renames a role or requires two-factor log-in
///
/// Seeded roles cannot be renamed (409). Two-factor log-in cannot be required of roles with more rights than your own, nor
/// without using it yourself (409).
#[utoipa::path(tag = "roles", params(RolePath, IfMatch), request_body(content = UpdateRole, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_roles")),
        ("x-problem-codes" = json!(["conflict", "rule_violated"]))), responses((status = 200, description = "The updated role.", body = RoleBody)))]
#[patch("/orgs/{org_id}/roles/{role_key}")]
pub(super) async fn update_role(call: Call<RolePath, (), UpdateRole>) -> Reply {
    call.write(|ctx, input| {
        // The lock keeps members unchanged while the holders of approval rights are computed.
        ctx.tx.members(ctx.caller.org_id).lock_memberships()?;
        let role = find_role(ctx, &input.path.role_key)?;
        input.meta.require_match(role.version, AUDIENCE)?;
        let name = input.body.name.as_deref().map(Name::parse).transpose();
        let name = name.map_err(|e| Problem::rule("#/name", &e))?;
        let (changed, event) =
            role.update(&ctx.caller, name.as_ref(), input.body.requires_two_factor, ctx.now)?;
        if input.body.requires_two_factor == Some(true) {
            require_own(ctx.tx, ctx.caller.user_id)?;
        }
        ctx.tx.roles(ctx.caller.org_id).save(&changed)?;
        ctx.record(event);
        let role = Role { version: changed.version + 1, ..changed };
        Ok(Answer::ok(&RoleBody::from(&role))?.tagged(role.version, AUDIENCE))
    })
    .await
}
