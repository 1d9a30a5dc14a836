use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::UserPath;
use crate::accounts::access_log::reading::RecordQuery;
use crate::accounts::access_log::records::{SupportHistoryPage, list_support};

/// Lists a person's support history, latest first
///
/// Each reading is recorded, and the person can see it.
///
/// A request scans up to 5,000 events. Where few of them match, a page may be shorter than `limit`, even empty, while
/// `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "users", params(UserPath, RecordQuery, PageQuery), extensions(("x-required-permission" = json!("view_user_activity"))),
    responses((status = 200, description = "A page of events, and the numbers of requests.", body = SupportHistoryPage)))]
#[get("/users/{user_id}/support-history")]
pub(super) async fn list_user_support_history(call: Call<UserPath, RecordQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        list_support(ctx, &input.meta.list, &managed, &input.query)
    })
    .await
}
