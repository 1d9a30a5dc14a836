use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use roles::Role;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// All readers of roles get the same representation.
pub(super) const AUDIENCE: &str = "all";

/// Path parameters of a role.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct RolePath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The role's key.
    #[param(min_length = 1, max_length = 63, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    pub(super) role_key: String,
}

/// A role of the organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Role, example = json!({"key": "rbt", "name": "RBT", "permissions": ["create_tickets"], "is_seeded": true, "requires_two_factor": false, "updated_at": "2026-03-02T09:15:00.000000Z"}))]
pub(crate) struct RoleBody {
    key: String,
    name: String,
    /// What it grants.
    permissions: Vec<String>,
    /// Whether every organization has it; such a role can't be deleted.
    is_seeded: bool,
    /// Whether its holders can act in the organization only with two-factor log-in.
    requires_two_factor: bool,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

impl From<&Role> for RoleBody {
    fn from(role: &Role) -> Self {
        Self {
            key: role.key.as_str().to_owned(),
            name: role.name.clone(),
            permissions: role.grants.iter().map(|p| p.as_str().to_owned()).collect(),
            is_seeded: role.is_seeded(),
            requires_two_factor: role.requires_two_factor,
            updated_at: instant(role.updated_at),
        }
    }
}

/// The role with this key. Returns 404 if it does not exist.
pub(super) fn find_role(ctx: &mut Context<'_, '_>, key: &str) -> Result<Role, Problem> {
    let roles = ctx.tx.roles(ctx.caller.org_id).all()?;
    roles.into_iter().find(|role| role.key.as_str() == key).ok_or_else(Problem::not_found)
}
