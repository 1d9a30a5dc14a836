use actix_web::get;
use roles::ApprovalId;

use super::body::ApprovalPage;
use crate::call::{AccountScope, Call, Reply};
use crate::paging::PageQuery;
use crate::people::ApprovalBody;

/// Lists critical changes that are about you, the latest first
///
/// Of all organizations and of the platform: the deletion of your account, a role or an office that you are to get or lose.
#[utoipa::path(tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of them.", body = ApprovalPage)))]
#[get("/me/approvals")]
pub(super) async fn list_my_approvals(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |work, input| {
        let page = work.page_of(&input.query, |at| at.parse().ok().map(ApprovalId))?;
        let (rows, now) = (work.tx.approvals_about(work.who.user_id(), page)?, work.now);
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
