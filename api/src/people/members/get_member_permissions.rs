use actix_web::get;
use application::accounts::managed_account::managed_account_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MemberPath;
use crate::accounts::access_log::permissions::{EffectivePermissionsIn, permissions_in};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_people_shown};

/// Reads a member's permissions and the roles that grant them
///
/// Reading is recorded once a day per purpose, and the person can see it.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery), extensions(("x-required-permission" = json!("view_members")),
        ("x-problem-codes" = json!(["membership_unclaimed"]))),
    responses((status = 200, description = "The permissions, with the roles that grant them.", body = EffectivePermissionsIn)))]
#[get("/orgs/{org_id}/members/{user_id}/permissions")]
pub(super) async fn get_member_permissions(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        let (org, purpose) = (ctx.caller.org_id, input.query.purpose.as_deref());
        record_people_shown(ctx, Some(org), AccessKind::Permissions, purpose, &[managed.account.id])?;
        Answer::ok(&permissions_in(ctx, &managed, org)?)
    })
    .await
}
