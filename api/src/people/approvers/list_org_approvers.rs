use actix_web::get;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::body::{ApproverPage, show_approvers};
use crate::organizations::orgs::OrgPath;

/// Lists who can approve critical changes of an organization
///
/// Each with what their vote is worth, by right and then by user id.
#[utoipa::path(tag = "approvals", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "A page of approvers.", body = ApproverPage)))]
#[get("/orgs/{org_id}/approvers")]
pub(super) async fn list_org_approvers(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|ctx, input| show_approvers(ctx, &input.meta.list, Some(ctx.caller.org_id))).await
}
