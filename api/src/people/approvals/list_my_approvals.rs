use actix_web::get;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::{ApprovalPage, show_approvals};

/// Lists critical changes that concern you, latest first
///
/// Of all organizations and of the platform: the deletion of your account, a role or an office that you are to get or lose.
#[utoipa::path(tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of critical changes.", body = ApprovalPage)))]
#[get("/me/approvals")]
pub(super) async fn list_my_approvals(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let me = ctx.caller.user_id();
        show_approvals(ctx, &input.meta.list, |tx, page| tx.approvals_about(me, page))
    })
    .await
}
