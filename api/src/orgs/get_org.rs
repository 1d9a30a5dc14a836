use actix_web::get;
use orgs::OrgId;
use roles::{Permission, PlatformPermission};

use super::body::{OrgBody, OrgPath, audience};
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::context::{Context, SignedIn, require_effective};
use crate::openapi::IfNoneMatch;
use crate::problem::Problem;

/// Reads an organization
///
/// Members read their own organization, platform administrators any.
#[utoipa::path(tag = "orgs", params(OrgPath, IfNoneMatch), responses(
    (status = 200, description = "The organization.", body = OrgBody),
    (status = 304, description = "You have it already."),
))]
#[get("/orgs/{org_id}")]
pub(super) async fn get_org(call: Call<OrgPath>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let id = OrgId(input.path.org_id);
        let rights = ctx.rights_in(id)?;
        let org = ctx.tx.org(id)?.ok_or_else(Problem::not_found)?;
        let sees_admins = rights.manages_orgs || rights.permissions.contains(&Permission::ViewMembers);
        let admins = if sees_admins { ctx.admins_of(id)? } else { Vec::new() };
        let audience = audience(&admins);
        Ok(Answer::ok(&OrgBody::of(&org, admins))?.tagged(org.version, &audience))
    })
    .await
}

/// What somebody may do with an organization itself.
pub(super) struct Rights {
    pub(super) manages_orgs: bool,
    pub(super) permissions: Vec<Permission>,
}

impl Context<'_, '_, SignedIn> {
    /// The caller's rights on an organization; one that is not his is not there.
    pub(super) fn rights_in(&mut self, id: OrgId) -> Result<Rights, Problem> {
        let manages_orgs = self.caller.holds(PlatformPermission::ManageOrgs);
        let member = self.tx.member_caller(id, self.caller.user_id())?;
        let Some(member) = member else {
            return if manages_orgs {
                Ok(Rights { manages_orgs, permissions: Vec::new() })
            } else {
                Err(Problem::not_found())
            };
        };
        match require_effective(&member) {
            Ok(()) => {
                Ok(Rights { manages_orgs, permissions: member.actor.permissions.into_iter().collect() })
            }
            Err(_) if manages_orgs => Ok(Rights { manages_orgs, permissions: Vec::new() }),
            Err(problem) => Err(problem),
        }
    }
}
