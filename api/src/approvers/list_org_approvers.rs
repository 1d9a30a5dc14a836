use actix_web::get;

use super::body::ApproverList;
use crate::call::{Call, Reply};
use crate::orgs::OrgPath;

/// Lists who can approve critical changes of an organization
///
/// Each with what their vote is worth. There are few, so the list has no pages.
#[utoipa::path(tag = "approvals", params(OrgPath), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "All of them.", body = ApproverList)))]
#[get("/orgs/{org_id}/approvers")]
pub(super) async fn list_org_approvers(call: Call<OrgPath>) -> Reply {
    call.read(|work, _| work.show_approvers(Some(work.who.org_id))).await
}
