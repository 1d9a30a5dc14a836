use std::collections::BTreeSet;

use actix_web::put;
use roles::{Permission, Role};
use serde::{Deserialize, Deserializer};
use utoipa::openapi::schema::{Schema, Type};
use utoipa::openapi::{ObjectBuilder, RefOr};
use utoipa::{PartialSchema, ToSchema};
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatchRequired;

use super::body::{AUDIENCE, RoleBody, RolePath, find_role};

/// A permission that a role of an organization may grant.
#[derive(Clone, Copy)]
pub(crate) struct PermissionKey(pub(crate) Permission);

impl PartialSchema for PermissionKey {
    fn schema() -> RefOr<Schema> {
        let words = Permission::ALL.map(Permission::as_str);
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
        schema.description(Some("A permission that a role of an organization may grant.")).into()
    }
}

impl ToSchema for PermissionKey {}

impl<'de> Deserialize<'de> for PermissionKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Permission::parse(&word).map(Self).ok_or_else(|| serde::de::Error::custom("no such permission"))
    }
}

/// Everything that a role grants from now on.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"permissions": ["create_tickets"]}))]
pub(crate) struct ReplaceRolePermissions {
    #[schema(max_items = 50)]
    permissions: Vec<PermissionKey>,
}

/// Replaces a role's permissions
///
/// It takes effect at its holders' next request. `owner` always grants everything. You cannot grant or remove what you do not hold.
#[utoipa::path(tag = "roles", params(RolePath, IfMatchRequired), request_body = ReplaceRolePermissions, extensions(("x-required-permission" = json!("manage_roles")),
        ("x-problem-codes" = json!(["rule_violated"]))),
    responses((status = 200, description = "The updated role.", body = RoleBody)))]
#[put("/orgs/{org_id}/roles/{role_key}/permissions")]
pub(super) async fn replace_role_permissions(call: Call<RolePath, (), ReplaceRolePermissions>) -> Reply {
    call.write(|ctx, input| {
        // The lock keeps members unchanged while the holders of approval rights are computed.
        ctx.tx.members(ctx.caller.org_id).lock_memberships()?;
        let role = find_role(ctx, &input.path.role_key)?;
        input.meta.require_match_sent(role.version, AUDIENCE)?;
        let grants: BTreeSet<Permission> = input.body.permissions.iter().map(|key| key.0).collect();
        let (changed, event) = role.replace_grants(&ctx.caller, grants, ctx.now)?;
        ctx.tx.roles(ctx.caller.org_id).save(&changed)?;
        ctx.record(event);
        let role = Role { version: changed.version + 1, ..changed };
        Ok(Answer::ok(&RoleBody::from(&role))?.tagged(role.version, AUDIENCE))
    })
    .await
}
