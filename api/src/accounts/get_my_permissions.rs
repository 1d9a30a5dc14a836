use std::collections::BTreeMap;

use actix_web::get;
use orgs::OrgId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::problem::Problem;
use crate::work::{SignedIn, Work};

/// Something that one may do, and by which roles.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyPermission {
    permission: String,
    /// The keys of the roles that grant it.
    roles: Vec<String>,
}

/// What one may do in one organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct MyPermissionsIn {
    org_id: Uuid,
    permissions: Vec<MyPermission>,
}

/// What one may do, where, and by which roles.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"platform": [], "organizations": [{"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "permissions": [{"permission": "create_tickets", "roles": ["rbt"]}]}]}))]
pub(crate) struct MyPermissions {
    /// In the installation.
    platform: Vec<MyPermission>,
    /// In each organization that counts.
    organizations: Vec<MyPermissionsIn>,
}

/// Reads what one may do, and by which roles
#[utoipa::path(tag = "accounts", responses((status = 200, description = "All of it.", body = MyPermissions)))]
#[get("/me/permissions")]
pub(super) async fn get_my_permissions(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |work, _| {
        let user = work.who.user_id();
        let mut platform = BTreeMap::<&str, Vec<String>>::new();
        for role in work.tx.platform_roles(user)? {
            for permission in role.grants() {
                platform.entry(permission.as_str()).or_default().push(role.as_str().to_owned());
            }
        }
        let mut organizations = Vec::new();
        for membership in work.tx.memberships_of(user, work.now)? {
            let permissions = work.sources_in(membership.org.id, &membership.roles)?;
            organizations.push(MyPermissionsIn { org_id: membership.org.id.0, permissions });
        }
        Answer::ok(&MyPermissions { platform: listed(platform), organizations })
    })
    .await
}

fn listed(sources: BTreeMap<&str, Vec<String>>) -> Vec<MyPermission> {
    let one = |(word, roles): (&str, Vec<String>)| MyPermission { permission: word.to_owned(), roles };
    sources.into_iter().map(one).collect()
}

impl Work<'_, '_, SignedIn> {
    fn sources_in(&mut self, org: OrgId, held: &[String]) -> Result<Vec<MyPermission>, Problem> {
        let mut sources = BTreeMap::<&str, Vec<String>>::new();
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
