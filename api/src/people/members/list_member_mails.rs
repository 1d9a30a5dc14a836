use actix_web::get;
use application::accounts::managed_account::managed_account_in_org;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::body::MemberPath;
use crate::accounts::access_log::reading::RecordQuery;
use crate::accounts::access_log::records::{MailLogPage, list_mails};

/// Lists mails to a member and their delivery, latest first
///
/// Each reading is recorded, and the person can see it. If the account belongs to other organizations too, only events of this organization are shown.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, RecordQuery, PageQuery), extensions(("x-required-permission" = json!("view_member_mails")),
        ("x-problem-codes" = json!(["membership_unclaimed"]))),
    responses((status = 200, description = "A page of mails.", body = MailLogPage)))]
#[get("/orgs/{org_id}/members/{user_id}/mail-log")]
pub(super) async fn list_member_mails(call: Call<MemberPath, RecordQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        list_mails(ctx, &input.meta.list, &managed, &input.query)
    })
    .await
}
