use actix_web::get;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::body::{ApprovalPage, show_approvals};
use crate::organizations::orgs::OrgPath;

/// Lists critical changes of an organization, the latest first
#[utoipa::path(tag = "approvals", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "A page of critical changes.", body = ApprovalPage)))]
#[get("/orgs/{org_id}/approvals")]
pub(super) async fn list_org_approvals(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|ctx, input| {
        let org = Some(ctx.caller.org_id);
        show_approvals(ctx, &input.meta.list, |tx, page| tx.approvals(org, None, page))
    })
    .await
}
