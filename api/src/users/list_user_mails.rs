use actix_web::get;

use super::body::UserPath;
use crate::call::{AccountScope, Call, Reply};
use crate::people::{MailLogPage, RecordQuery};

/// Lists mails to a person and their delivery, latest first
///
/// Each reading is recorded, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, RecordQuery), extensions(("x-required-permission" = json!("view_user_mails"))),
    responses((status = 200, description = "A page of them.", body = MailLogPage)))]
#[get("/users/{user_id}/mail-log")]
pub(super) async fn list_user_mails(call: Call<UserPath, RecordQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.list_mails(&managed, &input.query)
    })
    .await
}
