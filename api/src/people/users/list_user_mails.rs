use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::UserPath;
use crate::accounts::access_log::reading::RecordQuery;
use crate::accounts::access_log::records::{MailLogPage, list_mails};

/// Lists mails to a person and their delivery, latest first
///
/// Each reading is recorded, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, RecordQuery, PageQuery), extensions(("x-required-permission" = json!("view_user_mails"))),
    responses((status = 200, description = "A page of mails.", body = MailLogPage)))]
#[get("/users/{user_id}/mail-log")]
pub(super) async fn list_user_mails(call: Call<UserPath, RecordQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        list_mails(ctx, &input.meta.list, &managed, &input.query)
    })
    .await
}
