use actix_web::get;

use super::body::MemberPath;
use crate::call::{Call, Reply};
use crate::people::{MailLogPage, RecordQuery};

/// Lists mails to a member and their delivery, latest first
///
/// That it was read is kept, for the person to see. Of an account that others know too, only what was done in this organization's name is shown.
/// Of somebody who was added and has not come yet it is 403 `person_not_here_yet`.
#[utoipa::path(tag = "members", params(MemberPath, RecordQuery), extensions(("x-required-permission" = json!("view_member_mails"))),
    responses((status = 200, description = "A page of them.", body = MailLogPage)))]
#[get("/orgs/{org_id}/members/{user_id}/mail-log")]
pub(super) async fn list_member_mails(call: Call<MemberPath, RecordQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.list_mails(&managed, &input.query)
    })
    .await
}
