use actix_web::get;
use roles::ApprovalId;

use super::body::ApprovalPage;
use crate::call::{Call, Reply};
use crate::orgs::OrgPath;
use crate::paging::PageQuery;
use crate::people::ApprovalBody;

/// Lists critical changes of an organization, the latest first
#[utoipa::path(tag = "approvals", params(OrgPath, PageQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "A page of them.", body = ApprovalPage)))]
#[get("/orgs/{org_id}/approvals")]
pub(super) async fn list_org_approvals(call: Call<OrgPath, PageQuery>) -> Reply {
    call.read(|work, input| {
        let page = work.page_of(&input.query, |at| at.parse().ok().map(ApprovalId))?;
        let (rows, now) = (work.tx.approvals(Some(work.who.org_id), None, page)?, work.now);
        work.page(
            &page,
            rows,
            |approval| approval.id.0.to_string(),
            |rows, next_cursor| {
                let data = rows.iter().map(|approval| ApprovalBody::of(approval, now)).collect();
                Ok(ApprovalPage { data, next_cursor, total: None })
            },
        )
    })
    .await
}
