use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use crate::accounts::access_log::records::{AccountEventPage, list_own_accesses};

/// Lists who read your data and why, latest first
///
/// A request scans up to 5,000 events. Where few of them match, a page may be shorter than `limit`, even empty, while
/// `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of events.", body = AccountEventPage)))]
#[get("/me/accesses")]
pub(super) async fn list_my_accesses(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Own, |ctx, input| {
        let managed = managed_account_on_platform(ctx, ctx.caller.user_id())?;
        list_own_accesses(ctx, &input.meta.list, &managed)
    })
    .await
}
