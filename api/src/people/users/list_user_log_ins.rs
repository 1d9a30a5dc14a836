use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::UserPath;
use crate::accounts::access_log::reading::RecordQuery;
use crate::accounts::access_log::records::{AccountEventPage, Record, list_records};

/// Lists a person's log-ins and failed log-ins, latest first
///
/// Each reading is recorded, and the person can see it.
///
/// A request scans up to 5,000 events. Where few of them match, a page may be shorter than `limit`, even empty, while
/// `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "users", params(UserPath, RecordQuery, PageQuery), extensions(("x-required-permission" = json!("view_user_log_ins"))),
    responses((status = 200, description = "A page of events.", body = AccountEventPage)))]
#[get("/users/{user_id}/log-ins")]
pub(super) async fn list_user_log_ins(call: Call<UserPath, RecordQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        list_records(ctx, &input.meta.list, &managed, Record::LogIns, &input.query)
    })
    .await
}
