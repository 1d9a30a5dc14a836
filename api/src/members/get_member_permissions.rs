use actix_web::get;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{EffectivePermissionsIn, Look, PurposeQuery};

/// Reads what a member may do, and by which roles
///
/// That somebody looked is kept once a day for each purpose, for the person to see.
/// Of somebody who was added and has not come yet it is 403 `person_not_here_yet`.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "All of it.", body = EffectivePermissionsIn)))]
#[get("/orgs/{org_id}/members/{user_id}/permissions")]
pub(super) async fn get_member_permissions(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|work, input| {
        let case = work.case(input.path.user_id())?;
        let (org, purpose) = (work.who.org_id, input.query.purpose.as_deref());
        work.note_shown(Some(org), Look::Permissions, purpose, &[case.account.id])?;
        Answer::ok(&work.permissions_in(&case, org)?)
    })
    .await
}
