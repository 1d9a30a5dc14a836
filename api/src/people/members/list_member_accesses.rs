use actix_web::get;
use application::accounts::managed_account::managed_account_in_org;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::body::MemberPath;
use crate::accounts::access_log::reading::RecordQuery;
use crate::accounts::access_log::records::{AccountEventPage, Record, list_records};

/// Lists who read a member's data, latest first
///
/// The person sees the same with `list_my_accesses`, this reading included. If the account belongs to other organizations too, only events of this organization are shown.
///
/// A request scans up to 5,000 events. Where few of them match, a page may be shorter than `limit`, even empty, while
/// `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "members", params(MemberPath, RecordQuery, PageQuery), extensions(("x-required-permission" = json!("view_member_accesses"))),
    responses((status = 200, description = "A page of events.", body = AccountEventPage)))]
#[get("/orgs/{org_id}/members/{user_id}/accesses")]
pub(super) async fn list_member_accesses(call: Call<MemberPath, RecordQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        list_records(ctx, &input.meta.list, &managed, Record::Accesses, &input.query)
    })
    .await
}
