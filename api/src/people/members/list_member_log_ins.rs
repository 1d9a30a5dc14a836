use actix_web::get;
use application::accounts::managed_account::managed_account_in_org;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::body::MemberPath;
use crate::accounts::access_log::reading::RecordQuery;
use crate::accounts::access_log::records::{AccountEventPage, Record, list_records};

/// Lists a member's log-ins and failed log-ins, latest first
///
/// Each reading is recorded, and the person can see it. If the account belongs to other organizations too, only events of this organization are shown.
///
/// A request scans up to 5,000 events. Where few of them match, a page may be shorter than `limit`, even empty, while
/// `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "members", params(MemberPath, RecordQuery, PageQuery), extensions(("x-required-permission" = json!("view_member_log_ins"))),
    responses((status = 200, description = "A page of events.", body = AccountEventPage)))]
#[get("/orgs/{org_id}/members/{user_id}/log-ins")]
pub(super) async fn list_member_log_ins(call: Call<MemberPath, RecordQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        list_records(ctx, &input.meta.list, &managed, Record::LogIns, &input.query)
    })
    .await
}
