use actix_web::get;
use persistence::{Member, MemberFilter, UserSort};
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total, shown};

use super::body::MemberBody;
use crate::accounts::access_log::reading::{AccessKind, record_people_shown};
use crate::organizations::orgs::OrgPath;
use crate::people::users::{UserOrder, position, written};

/// Filters, order and paging of members.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MembersQuery {
    /// Part of the name or address.
    #[param(min_length = 1, max_length = 120)]
    q: Option<String>,
    /// Holders of this role.
    #[param(min_length = 1, max_length = 63, pattern = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    role: Option<String>,
    /// Active members, or suspended ones.
    is_active: Option<bool>,
    /// The sort order. Default: `created_at`. Equal values are ordered by id.
    sort: Option<UserOrder>,
    /// Why the data is read. It is recorded, and the people shown can read it. Default: finding people in a list.
    #[param(min_length = 1, max_length = 200, pattern = "<line>")]
    purpose: Option<String>,
}

/// A page of members.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberPage {
    data: Vec<MemberBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists members
///
/// A request scans up to 5,000 members in the order of the list. Where filters match few of them, a page may be shorter
/// than `limit`, even empty, while `next_cursor` is not null. Null is the only sign of the end.
///
/// Reading is recorded once a day per person and purpose, and each person can see it.
#[utoipa::path(tag = "members", params(OrgPath, MembersQuery, PageQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "A page of members.", body = MemberPage)))]
#[get("/orgs/{org_id}/members")]
pub(super) async fn list_members(call: Call<OrgPath, MembersQuery>) -> Reply {
    call.write(|ctx, input| {
        let query = &input.query;
        let sort: UserSort = query.sort.unwrap_or(UserOrder::CreatedAt).into();
        let page = input.meta.list.page_of(|at| position(sort, at))?;
        let filter =
            MemberFilter { text: query.q.clone(), role: query.role.clone(), is_active: query.is_active };
        let (found, now) = (ctx.tx.members(ctx.caller.org_id).list(&filter, sort, page.clone())?, ctx.now);
        let people: Vec<UserId> = shown(&page, &found.rows).iter().map(|member| member.account.id).collect();
        record_people_shown(
            ctx,
            Some(ctx.caller.org_id),
            AccessKind::Directory,
            query.purpose.as_deref(),
            &people,
        )?;
        input.meta.list.page_until(
            &page,
            found.rows,
            found.scanned_until.as_ref().map(written),
            |Member { account, membership, .. }| {
                written(&sort.position(account.id, membership.shown_member(account), membership.created_at))
            },
            |rows, next_cursor| {
                Ok(MemberPage {
                    data: rows.iter().map(|m| MemberBody::of(m, now)).collect(),
                    next_cursor,
                    total: None,
                })
            },
        )
    })
    .await
}
