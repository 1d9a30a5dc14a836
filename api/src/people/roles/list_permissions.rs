use actix_web::get;
use roles::{Permission, PlatformPermission};
use serde::Serialize;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use crate::organizations::orgs::OrgPath;

/// Where a permission applies.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PermissionScope {
    Organization,
    Platform,
}

/// Something that a role may allow.
#[derive(Serialize, ToSchema)]
#[schema(as = Permission, example = json!({"key": "create_tickets", "description": "File requests, and follow and answer your own.", "scope": "organization"}))]
pub(crate) struct PermissionBody {
    key: String,
    description: String,
    scope: PermissionScope,
}

/// A page of permissions.
#[derive(Serialize, ToSchema)]
pub(crate) struct PermissionPage {
    data: Vec<PermissionBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists all permissions by key
#[utoipa::path(tag = "roles", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "A page of permissions.", body = PermissionPage)))]
#[get("/orgs/{org_id}/permissions")]
pub(super) async fn list_permissions(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|_, input| {
        let page = input.meta.list.page_of(|at| Some(at.to_owned()))?;
        let body = |key: &str, description: &str, scope| PermissionBody {
            key: key.to_owned(),
            description: description.to_owned(),
            scope,
        };
        let ours = Permission::ALL
            .into_iter()
            .map(|p| body(p.as_str(), p.description(), PermissionScope::Organization));
        let platform = PlatformPermission::ALL
            .into_iter()
            .map(|p| body(p.as_str(), p.description(), PermissionScope::Platform));
        let mut rows: Vec<_> = ours.chain(platform).collect();
        rows.sort_by(|a, b| a.key.cmp(&b.key));
        rows.retain(|p| page.after.as_deref().is_none_or(|after| p.key.as_str() > after));
        input.meta.list.page(
            &page,
            rows,
            |p| p.key.clone(),
            |data, next_cursor| Ok(PermissionPage { data, next_cursor, total: None }),
        )
    })
    .await
}
