use actix_web::get;
use application::context::{Context, SignedIn, require_effective};
use application::problem::Problem;
use orgs::OrgId;
use roles::{Permission, PlatformPermission};
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{OrgBody, OrgPath, admins_of, audience};

/// Reads an organization
///
/// Members read their own organization, platform administrators any.
#[utoipa::path(tag = "orgs", params(OrgPath, IfNoneMatch), responses(
    (status = 200, description = "The organization.", body = OrgBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}")]
pub(super) async fn get_org(call: Call<OrgPath>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let id = OrgId(input.path.org_id);
        let rights = rights_in(ctx, id)?;
        let org = ctx.tx.org(id)?.ok_or_else(Problem::not_found)?;
        let sees_admins = rights.manages_orgs || rights.permissions.contains(&Permission::ViewMembers);
        let admins = if sees_admins { admins_of(ctx, id)? } else { Vec::new() };
        let audience = audience(&admins);
        Ok(Answer::ok(&OrgBody::of(&org, admins))?.tagged(org.version, &audience))
    })
    .await
}

/// The caller's rights on an organization itself.
pub(super) struct Rights {
    pub(super) manages_orgs: bool,
    pub(super) permissions: Vec<Permission>,
}

/// The caller's rights on an organization. Returns 404 without any.
pub(super) fn rights_in(ctx: &mut Context<'_, '_, SignedIn>, id: OrgId) -> Result<Rights, Problem> {
    let manages_orgs = ctx.caller.holds(PlatformPermission::ManageOrgs);
    let member = ctx.tx.member_caller(id, ctx.caller.user_id())?;
    let Some(member) = member else {
        return if manages_orgs {
            Ok(Rights { manages_orgs, permissions: Vec::new() })
        } else {
            Err(Problem::not_found())
        };
    };
    match require_effective(&member) {
        Ok(()) => Ok(Rights { manages_orgs, permissions: member.actor.permissions.into_iter().collect() }),
        Err(_) if manages_orgs => Ok(Rights { manages_orgs, permissions: Vec::new() }),
        Err(problem) => Err(problem),
    }
}
