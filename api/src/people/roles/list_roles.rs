use actix_web::get;
use serde::Serialize;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::RoleBody;
use crate::organizations::orgs::OrgPath;

/// A page of roles.
#[derive(Serialize, ToSchema)]
pub(crate) struct RolePage {
    data: Vec<RoleBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists roles by key
#[utoipa::path(tag = "roles", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "A page of roles.", body = RolePage)))]
#[get("/orgs/{org_id}/roles")]
pub(super) async fn list_roles(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|ctx, input| {
        let page = input.meta.list.page_of(|at| Some(at.to_owned()))?;
        let mut rows = ctx.tx.roles(ctx.caller.org_id).all()?;
        rows.retain(|role| page.after.as_deref().is_none_or(|after| role.key.as_str() > after));
        input.meta.list.page(
            &page,
            rows,
            |r| r.key.as_str().to_owned(),
            |rows, next_cursor| {
                Ok(RolePage { data: rows.iter().map(RoleBody::from).collect(), next_cursor, total: None })
            },
        )
    })
    .await
}
