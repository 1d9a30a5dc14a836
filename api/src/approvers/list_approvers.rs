use actix_web::get;

use super::body::ApproverPage;
use crate::call::{AccountScope, Call, Reply};
use crate::paging::PageQuery;

/// Lists who can approve critical changes of the platform
///
/// Each with what their vote is worth, by right and then by user id.
#[utoipa::path(tag = "platform_approvals", params(PageQuery), extensions(("x-required-permission" = json!("delete_users"))),
    responses((status = 200, description = "A page of them.", body = ApproverPage)))]
#[get("/approvers")]
pub(super) async fn list_approvers(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| ctx.show_approvers(None, &input.query)).await
}
