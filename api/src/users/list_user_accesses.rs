use actix_web::get;

use super::body::UserPath;
use crate::call::{AccountScope, Call, Reply};
use crate::paging::PageQuery;
use crate::people::{AccountEventPage, Record};

/// Lists who looked at somebody's data, the latest first
///
/// The person sees the same with `list_my_accesses`.
#[utoipa::path(tag = "users", params(UserPath, PageQuery), extensions(("x-required-permission" = json!("view_user_accesses"))),
    responses((status = 200, description = "A page of them.", body = AccountEventPage)))]
#[get("/users/{user_id}/accesses")]
pub(super) async fn list_user_accesses(call: Call<UserPath, PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |work, input| {
        let case = work.case(input.path.user_id())?;
        work.list_records(&case, Record::Accesses, &input.query)
    })
    .await
}
