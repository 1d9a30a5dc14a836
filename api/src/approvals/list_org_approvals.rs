use actix_web::get;

use super::body::ApprovalPage;
use crate::call::{Call, Reply};
use crate::orgs::OrgPath;
use crate::paging::PageQuery;

/// Lists critical changes of an organization, the latest first
#[utoipa::path(tag = "approvals", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "A page of them.", body = ApprovalPage)))]
#[get("/orgs/{org_id}/approvals")]
pub(super) async fn list_org_approvals(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|ctx, input| {
        let org = Some(ctx.caller.org_id);
        ctx.show_approvals(&input.query, |tx, page| tx.approvals(org, None, page))
    })
    .await
}
