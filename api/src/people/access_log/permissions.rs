use std::collections::BTreeMap;

use application::accounts::managed_account::ManagedAccount;
use application::context::Context;
use application::problem::Problem;
use orgs::OrgId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A permission and the roles that grant it.
#[derive(Serialize, ToSchema)]
pub(crate) struct EffectivePermission {
    permission: String,
    /// The keys of the roles that grant it.
    roles: Vec<String>,
}

/// A person's permissions in one organization. None while the account or the membership is suspended.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "permissions": [{"permission": "create_tickets", "roles": ["rbt"]}], "needs_two_factor": false}))]
pub(crate) struct EffectivePermissionsIn {
    org_id: Uuid,
    permissions: Vec<EffectivePermission>,
    /// Whether none of it works before two-factor log-in is set up.
    needs_two_factor: bool,
}

/// A person's permissions in each organization. None while the account is suspended.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"platform": [], "needs_two_factor": false, "organizations": [{"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "permissions": [{"permission": "create_tickets", "roles": ["rbt"]}], "needs_two_factor": false}]}))]
pub(crate) struct EffectivePermissions {
    /// In the platform.
    platform: Vec<EffectivePermission>,
    /// Whether nothing in the platform works before two-factor log-in is set up.
    needs_two_factor: bool,
    /// In each organization with an active membership.
    organizations: Vec<EffectivePermissionsIn>,
}

/// Each permission with the roles that grant it.
type Sources = BTreeMap<&'static str, Vec<String>>;

fn listed(sources: Sources) -> Vec<EffectivePermission> {
    let one = |(word, roles): (&str, _)| EffectivePermission { permission: word.to_owned(), roles };
    sources.into_iter().map(one).collect()
}

/// The person's permissions on the platform and in each organization.
pub(crate) fn permissions_of<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<EffectivePermissions, Problem> {
    let user = managed.account.id;
    let mut platform = Sources::new();
    if managed.account.as_of(ctx.now).may_log_in() {
        for role in ctx.tx.platform_roles(user)? {
            for permission in role.grants() {
                platform.entry(permission.as_str()).or_default().push(role.as_str().to_owned());
            }
        }
    }
    let needs_two_factor = ctx.tx.lacks_platform_two_factor(user, !platform.is_empty())?;
    let organizations = permissions_by_org(ctx, managed)?;
    Ok(EffectivePermissions { platform: listed(platform), needs_two_factor, organizations })
}

/// A member's permissions in the organization.
pub(crate) fn permissions_in<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
    org: OrgId,
) -> Result<EffectivePermissionsIn, Problem> {
    managed.authority.may_view()?;
    let none = EffectivePermissionsIn { org_id: org.0, permissions: Vec::new(), needs_two_factor: false };
    Ok(permissions_by_org(ctx, managed)?.pop().unwrap_or(none))
}

/// In each organization with an effective membership, or only in the one whose staff ask.
fn permissions_by_org<W>(
    ctx: &mut Context<'_, '_, W>,
    managed: &ManagedAccount,
) -> Result<Vec<EffectivePermissionsIn>, Problem> {
    let user = managed.account.id;
    let mut all = Vec::new();
    if !managed.account.as_of(ctx.now).may_log_in() {
        return Ok(all);
    }
    for membership in ctx.tx.memberships_of(user, ctx.now)? {
        let org = membership.org.id;
        if managed.org.is_none_or(|only| only == org) {
            all.push(EffectivePermissionsIn {
                org_id: org.0,
                permissions: sources_in(ctx, org, &membership.roles)?,
                needs_two_factor: membership.lacks_two_factor,
            });
        }
    }
    Ok(all)
}

fn sources_in<W>(
    ctx: &mut Context<'_, '_, W>,
    org: OrgId,
    held: &[String],
) -> Result<Vec<EffectivePermission>, Problem> {
    ctx.tx.enter(org)?;
    let mut sources = Sources::new();
    for role in ctx.tx.roles(org).all()? {
        if held.iter().any(|key| key == role.key.as_str()) {
            for permission in &role.grants {
                sources.entry(permission.as_str()).or_default().push(role.key.as_str().to_owned());
            }
        }
    }
    Ok(listed(sources))
}
