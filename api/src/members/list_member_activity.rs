use actix_web::get;

use super::body::MemberPath;
use crate::call::{Call, Reply};
use crate::people::{AccountEventPage, Record, RecordQuery};

/// Lists events of a member's account, latest first
///
/// Each reading is recorded, and the person can see it. If the account belongs to other organizations too, only events of this organization are shown.
///
/// A request looks at up to 5,000 events. Where few of them match, a page may be shorter than `limit`, even empty, while
/// `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "members", params(MemberPath, RecordQuery), extensions(("x-required-permission" = json!("view_member_activity"))),
    responses((status = 200, description = "A page of them.", body = AccountEventPage)))]
#[get("/orgs/{org_id}/members/{user_id}/activity")]
pub(super) async fn list_member_activity(call: Call<MemberPath, RecordQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.list_records(&managed, Record::Activity, &input.query)
    })
    .await
}
