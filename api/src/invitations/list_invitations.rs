use actix_web::get;

use super::list::{InvitationPage, InvitationsQuery};
use crate::call::{Call, Reply};
use crate::orgs::OrgPath;

/// Lists invitations to an organization
#[utoipa::path(tag = "invitations", params(OrgPath, InvitationsQuery), extensions(("x-required-permission" = json!("invite_members"))),
    responses((status = 200, description = "A page of them.", body = InvitationPage)))]
#[get("/orgs/{org_id}/invitations")]
pub(super) async fn list_invitations(call: Call<OrgPath, InvitationsQuery>) -> Reply {
    call.read(|work, input| {
        let org = Some(work.who.org_id);
        work.list_invitations(org, &input.query)
    })
    .await
}
