use std::collections::BTreeSet;

use actix_web::post;
use application::context::Context;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use orgs::Name;
use persistence::{Constraint, StoreError};
use roles::{Permission, Role, RoleKey};
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::RoleKeyValue;

use super::body::{AUDIENCE, RoleBody};
use super::replace_role_permissions::PermissionKey;
use crate::organizations::orgs::OrgPath;

/// A role of the organization's own.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"key": "front_desk", "name": "Front desk", "permissions": ["create_tickets", "manage_tickets"]}))]
pub(crate) struct CreateRole {
    /// Its key, which never changes. Unique in the organization.
    key: RoleKeyValue,
    /// Its name. One line; `://` is refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<name>")]
    name: String,
    /// The permissions that it grants; none that you do not hold.
    #[schema(max_items = 50)]
    permissions: Vec<PermissionKey>,
}

/// Creates a role
///
/// You cannot grant what you do not hold.
#[utoipa::path(tag = "roles", params(OrgPath, IdempotencyKey), request_body = CreateRole, extensions(("x-required-permission" = json!("manage_roles")),
        ("x-problem-codes" = json!(["already_exists", "rule_violated"]))),
    responses((status = 201, description = "The new role.", body = RoleBody)))]
#[post("/orgs/{org_id}/roles")]
pub(super) async fn create_role(call: Call<OrgPath, (), CreateRole>) -> Reply {
    call.write(|ctx, input| {
        let grants = input.body.permissions.iter().map(|key| key.0).collect();
        add_role(ctx, &input.body.key, &input.body.name, grants, false)
    })
    .await
}

/// Adds a role to the organization.
pub(super) fn add_role(
    ctx: &mut Context<'_, '_>,
    key: &RoleKeyValue,
    name: &str,
    grants: BTreeSet<Permission>,
    requires_two_factor: bool,
) -> Result<Answer, Problem> {
    let org = ctx.caller.org_id;
    let key = RoleKey::parse(&key.0).ok_or_else(Problem::internal)?;
    let name = Name::parse(name).map_err(|e| Problem::rule("#/name", &e))?;
    let (role, event) = Role::create(&ctx.caller, key, name, grants, ctx.now)?;
    let role = Role { requires_two_factor, ..role };
    ctx.tx.roles(org).add(&role).map_err(|e| match e {
        StoreError::Unique(Constraint::RoleKey) => key_taken(),
        other => other.into(),
    })?;
    ctx.record(event);
    let place = format!("/api/v1/orgs/{}/roles/{}", org.0, role.key.as_str());
    Ok(Answer::created(place, &RoleBody::from(&role))?.tagged(role.version, AUDIENCE))
}

fn key_taken() -> Problem {
    let fault = Fault::at("#/key", "already_exists", "Another role has this key.");
    Problem::new(Code::AlreadyExists, "Another role has this key.").with_errors(vec![fault])
}
