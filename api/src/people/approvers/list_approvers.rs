use actix_web::get;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::{ApproverPage, show_approvers};

/// Lists who can approve critical changes of the platform
///
/// Each with what their vote is worth, by right and then by user id.
#[utoipa::path(tag = "platform_approvals", params(PageQuery), extensions(("x-required-permission" = json!("delete_users"))),
    responses((status = 200, description = "A page of approvers.", body = ApproverPage)))]
#[get("/approvers")]
pub(super) async fn list_approvers(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| show_approvers(ctx, &input.meta.list, None)).await
}
