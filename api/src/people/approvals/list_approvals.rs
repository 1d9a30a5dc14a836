use actix_web::get;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::{ApprovalPage, show_approvals};

/// Lists critical changes of the platform, the latest first
#[utoipa::path(tag = "platform_approvals", params(PageQuery), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "A page of critical changes.", body = ApprovalPage)))]
#[get("/approvals")]
pub(super) async fn list_approvals(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        show_approvals(ctx, &input.meta.list, |tx, page| tx.approvals(None, None, page))
    })
    .await
}
