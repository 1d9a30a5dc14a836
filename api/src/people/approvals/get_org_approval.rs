use actix_web::get;
use application::approvals::critical::in_organization::find_approval_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::approval::ApprovalBody;
use super::body::OrgApprovalPath;

/// Reads a critical change of an organization
#[utoipa::path(tag = "approvals", params(OrgApprovalPath), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "The critical change and its status.", body = ApprovalBody)))]
#[get("/orgs/{org_id}/approvals/{approval_id}")]
pub(super) async fn get_org_approval(call: Call<OrgApprovalPath>) -> Reply {
    call.read(|ctx, input| {
        let approval = find_approval_in_org(ctx, input.path.approval_id)?;
        Answer::ok(&ApprovalBody::of(&approval, ctx.now))
    })
    .await
}
