use actix_web::get;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::list::{InvitationPage, InvitationsQuery, show_invitations};
use crate::organizations::orgs::OrgPath;

/// Lists invitations to an organization
///
/// A request scans up to 5,000 invitations in the order of the list. Where filters match few of them, a page may be shorter
/// than `limit`, even empty, while `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "invitations", params(OrgPath, InvitationsQuery, PageQuery), extensions(("x-required-permission" = json!("invite_members"))),
    responses((status = 200, description = "A page of invitations.", body = InvitationPage)))]
#[get("/orgs/{org_id}/invitations")]
pub(super) async fn list_invitations(call: Call<OrgPath, InvitationsQuery>) -> Reply {
    call.read(|ctx, input| {
        let org = Some(ctx.caller.org_id);
        show_invitations(ctx, &input.meta.list, org, &input.query)
    })
    .await
}
