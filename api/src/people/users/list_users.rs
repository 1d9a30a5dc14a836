use actix_web::get;
use orgs::OrgId;
use persistence::{ListedUser, UserFilter, UserSort};
use roles::ShownMember;
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::call::{AccountScope, Call, Reply};
use web::paging::{PageQuery, Total, shown};
use web::values::AccountStatusValue;

use super::body::{PlatformRoleKey, UserBody};
use super::order::{UserOrder, position, written};
use crate::accounts::access_log::reading::{AccessKind, record_people_shown};

/// Filters, order and paging of accounts. All given filters must match.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsersQuery {
    /// Part of the name or address.
    #[param(min_length = 1, max_length = 120)]
    q: Option<String>,
    /// Exactly this address, however it is written.
    #[param(min_length = 1, max_length = 254)]
    email: Option<String>,
    /// In this status, as it is stored: a suspension whose end has passed is lifted within a minute.
    status: Option<AccountStatusValue>,
    /// Members of this organization.
    org_id: Option<Uuid>,
    /// Holders of this platform role.
    platform_role: Option<PlatformRoleKey>,
    /// The sort order. Default: `-created_at`. Equal values are ordered by id.
    sort: Option<UserOrder>,
    /// Why the data is read. It is recorded, and the people shown can read it. Default: finding people in a list.
    #[param(min_length = 1, max_length = 200, pattern = "<line>")]
    purpose: Option<String>,
}

/// A page of accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserPage {
    data: Vec<UserBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists the accounts of the platform
///
/// A request scans up to 5,000 accounts in the order of the list. Where filters match few of them, a page may be shorter than
/// `limit`, even empty, while `next_cursor` is not null. Null is the only sign of the end.
///
/// Reading is recorded once a day per person and purpose, and each person can see it.
#[utoipa::path(tag = "users", params(UsersQuery, PageQuery), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "A page of accounts.", body = UserPage)))]
#[get("/users")]
pub(super) async fn list_users(call: Call<(), UsersQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let query = &input.query;
        let sort: UserSort = query.sort.unwrap_or(UserOrder::CreatedAtDescending).into();
        let page = input.meta.list.page_of(|at| position(sort, at))?;
        let filter = UserFilter {
            text: query.q.clone(),
            email: query.email.as_ref().map(|email| email.to_ascii_lowercase()),
            status: query.status.map(Into::into),
            org: query.org_id.map(OrgId),
            platform_role: query.platform_role.map(|role| role.0),
        };
        let found = ctx.tx.list_users(&filter, sort, page.clone())?;
        let now = ctx.now;
        let people: Vec<UserId> = shown(&page, &found.rows).iter().map(|user| user.account.id).collect();
        record_people_shown(ctx, None, AccessKind::Directory, query.purpose.as_deref(), &people)?;
        let at = |ListedUser { account, .. }: &ListedUser| {
            written(&sort.position(account.id, ShownMember::Claimed(account), account.created_at))
        };
        let scanned_until = found.scanned_until.as_ref().map(written);
        input.meta.list.page_until(&page, found.rows, scanned_until, at, |rows, next_cursor| {
            let data = rows.iter().map(|user| UserBody::of(user, now)).collect();
            Ok(UserPage { data, next_cursor, total: None })
        })
    })
    .await
}
