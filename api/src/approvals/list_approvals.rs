use actix_web::get;
use roles::ApprovalId;

use super::body::ApprovalPage;
use crate::call::{AccountScope, Call, Reply};

use crate::paging::PageQuery;
use crate::people::ApprovalBody;

/// Lists critical changes of the installation, the latest first
#[utoipa::path(tag = "platform_approvals", params(PageQuery), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "A page of them.", body = ApprovalPage)))]
#[get("/approvals")]
pub(super) async fn list_approvals(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |work, input| {
        let page = work.page_of(&input.query, |at| at.parse().ok().map(ApprovalId))?;
        let (rows, now) = (work.tx.approvals(None, None, page)?, work.now);
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
