use std::collections::BTreeMap;

use orgs::OrgId;
use serde::Serialize;
use users::AccountStatus;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::people::Case;
use crate::problem::Problem;
use crate::work::Work;

/// Something that somebody may do, and by which roles.
#[derive(Serialize, ToSchema)]
pub(crate) struct EffectivePermission {
    permission: String,
    /// The keys of the roles that grant it.
    roles: Vec<String>,
}

/// What somebody may do in one organization. Nothing, while the account or the membership is suspended.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "permissions": [{"permission": "create_tickets", "roles": ["rbt"]}]}))]
pub(crate) struct EffectivePermissionsIn {
    org_id: Uuid,
    permissions: Vec<EffectivePermission>,
}

/// What somebody may do, where, and by which roles. Nothing, while the account is suspended.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"platform": [], "organizations": [{"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "permissions": [{"permission": "create_tickets", "roles": ["rbt"]}]}]}))]
pub(crate) struct EffectivePermissions {
    /// In the installation.
    platform: Vec<EffectivePermission>,
    /// In each organization whose membership counts.
    organizations: Vec<EffectivePermissionsIn>,
}

/// Each permission with the roles that grant it.
type Sources = BTreeMap<&'static str, Vec<String>>;

fn listed(sources: Sources) -> Vec<EffectivePermission> {
    let one = |(word, roles): (&str, _)| EffectivePermission { permission: word.to_owned(), roles };
    sources.into_iter().map(one).collect()
}

impl<W> Work<'_, '_, W> {
    /// What the person may do in the installation and in each of his organizations.
    pub(crate) fn permissions_of(&mut self, case: &Case) -> Result<EffectivePermissions, Problem> {
        let mut platform = Sources::new();
        if self.counts(case) {
            for role in self.tx.platform_roles(case.account.id)? {
                for permission in role.grants() {
                    platform.entry(permission.as_str()).or_default().push(role.as_str().to_owned());
                }
            }
        }
        let organizations = self.permissions_by_org(case)?;
        Ok(EffectivePermissions { platform: listed(platform), organizations })
    }

    /// What a member may do in the organization.
    pub(crate) fn permissions_in(
        &mut self,
        case: &Case,
        org: OrgId,
    ) -> Result<EffectivePermissionsIn, Problem> {
        let all = self.permissions_by_org(case)?;
        let none = EffectivePermissionsIn { org_id: org.0, permissions: Vec::new() };
        Ok(all.into_iter().find(|there| there.org_id == org.0).unwrap_or(none))
    }

    fn counts(&self, case: &Case) -> bool {
        case.account.as_of(self.now).status == AccountStatus::Active
    }

    fn permissions_by_org(&mut self, case: &Case) -> Result<Vec<EffectivePermissionsIn>, Problem> {
        let mut all = Vec::new();
        if !self.counts(case) {
            return Ok(all);
        }
        for membership in self.tx.memberships_of(case.account.id, self.now)? {
            let org = membership.org.id;
            if case.org.is_none_or(|only| only == org) {
                let permissions = self.sources_in(org, &membership.roles)?;
                all.push(EffectivePermissionsIn { org_id: org.0, permissions });
            }
        }
        Ok(all)
    }

    fn sources_in(&mut self, org: OrgId, held: &[String]) -> Result<Vec<EffectivePermission>, Problem> {
        self.tx.enter(org)?;
        let mut sources = Sources::new();
        for role in self.tx.roles(org).all()? {
            if held.iter().any(|key| key == role.key.as_str()) {
                for permission in &role.grants {
                    sources.entry(permission.as_str()).or_default().push(role.key.as_str().to_owned());
                }
            }
        }
        Ok(listed(sources))
    }
}
