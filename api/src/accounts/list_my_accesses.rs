use actix_web::get;

use crate::call::{AccountScope, Call, Reply};
use crate::paging::PageQuery;
use crate::people::AccountEventPage;

/// Lists who read your data and why, latest first
///
/// A request looks at up to 5,000 events. Where few of them match, a page may be shorter than `limit`, even empty, while
/// `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of them.", body = AccountEventPage)))]
#[get("/me/accesses")]
pub(super) async fn list_my_accesses(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Own, |ctx, input| {
        let managed = ctx.managed_account(ctx.caller.user_id())?;
        ctx.list_own_accesses(&managed, &input.query)
    })
    .await
}
