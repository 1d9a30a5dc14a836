use actix_web::get;

use super::body::ApprovalPage;
use crate::call::{AccountScope, Call, Reply};

use crate::paging::PageQuery;

/// Lists critical changes of the platform, the latest first
#[utoipa::path(tag = "platform_approvals", params(PageQuery), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "A page of them.", body = ApprovalPage)))]
#[get("/approvals")]
pub(super) async fn list_approvals(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        ctx.show_approvals(&input.query, |tx, page| tx.approvals(None, None, page))
    })
    .await
}
