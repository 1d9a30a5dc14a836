use actix_web::get;
use orgs::OrgId;
use roles::{Permission, PlatformPermission};

use super::body::{OrgBody, OrgPath, audience};
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::openapi::IfNoneMatch;
use crate::problem::Problem;
use crate::work::{SignedIn, Work, require_counting};

/// Reads an organization: one's own, or any for those who run the installation
#[utoipa::path(tag = "orgs", params(OrgPath, IfNoneMatch), responses(
    (status = 200, description = "The organization.", body = OrgBody),
    (status = 304, description = "You have it already."),
))]
#[get("/orgs/{org_id}")]
pub(super) async fn get_org(call: Call<OrgPath>) -> Reply {
    call.read_account(AccountScope::Platform, |work, input| {
        let id = OrgId(input.path.org_id);
        let rights = work.rights_in(id)?;
        let org = work.tx.org(id)?.ok_or_else(Problem::not_found)?;
        let sees_admins = rights.manages_orgs || rights.permissions.contains(&Permission::ViewMembers);
        let admins = if sees_admins { work.admins_of(id)? } else { Vec::new() };
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

impl Work<'_, '_, SignedIn> {
    /// The caller's rights on an organization; one that is not his is not there.
    pub(super) fn rights_in(&mut self, id: OrgId) -> Result<Rights, Problem> {
        let manages_orgs = self.who.holds(PlatformPermission::ManageOrgs);
        let member = self.tx.member_caller(id, self.who.user_id())?;
        let Some(member) = member else {
            return if manages_orgs {
                Ok(Rights { manages_orgs, permissions: Vec::new() })
            } else {
                Err(Problem::not_found())
            };
        };
        match require_counting(&member) {
            Ok(()) => {
                Ok(Rights { manages_orgs, permissions: member.actor.permissions.into_iter().collect() })
            }
            Err(_) if manages_orgs => Ok(Rights { manages_orgs, permissions: Vec::new() }),
            Err(problem) => Err(problem),
        }
    }
}
