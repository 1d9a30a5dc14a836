use actix_web::get;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{AccessKind, EffectivePermissionsIn, PurposeQuery};

/// Reads a member's permissions and the roles that grant them
///
/// Reading is recorded once a day per purpose, and the person can see it.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery), extensions(("x-required-permission" = json!("view_members"))),
    responses((status = 200, description = "All of it.", body = EffectivePermissionsIn)))]
#[get("/orgs/{org_id}/members/{user_id}/permissions")]
pub(super) async fn get_member_permissions(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let (org, purpose) = (ctx.caller.org_id, input.query.purpose.as_deref());
        ctx.record_people_shown(Some(org), AccessKind::Permissions, purpose, &[managed.account.id])?;
        Answer::ok(&ctx.permissions_in(&managed, org)?)
    })
    .await
}
