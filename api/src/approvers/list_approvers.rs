use actix_web::get;

use super::body::ApproverList;
use crate::call::{AccountScope, Call, Reply};

/// Lists who can approve critical changes of the platform
///
/// Each with what their vote is worth. There are few, so the list has no pages.
#[utoipa::path(tag = "platform_approvals", extensions(("x-required-permission" = json!("delete_users"))),
    responses((status = 200, description = "All of them.", body = ApproverList)))]
#[get("/approvers")]
pub(super) async fn list_approvers(call: Call) -> Reply {
    call.read_account(AccountScope::Platform, |work, _| work.show_approvers(None)).await
}
