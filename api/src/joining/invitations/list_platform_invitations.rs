use actix_web::get;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::list::{InvitationPage, InvitationsQuery, show_invitations};

/// Lists invitations to the platform
///
/// A request scans up to 5,000 invitations in the order of the list. Where filters match few of them, a page may be shorter
/// than `limit`, even empty, while `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "platform_invitations", params(InvitationsQuery, PageQuery), extensions(("x-required-permission" = json!("invite_users"))),
    responses((status = 200, description = "A page of invitations.", body = InvitationPage)))]
#[get("/invitations")]
pub(super) async fn list_platform_invitations(call: Call<(), InvitationsQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let org = None;
        show_invitations(ctx, &input.meta.list, org, &input.query)
    })
    .await
}
