use actix_web::delete;
use application::accounts::managed_account::managed_account_on_platform;
use application::approvals::critical::on_platform::{
    may_remove_alone, request_approval_or_apply, require_other_platform_owner, revoke_platform_role,
};
use roles::{CriticalChange, PlatformRole};
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::PlatformRolePath;
use crate::people::approvals::approval::ApprovalBody;

/// Removes a platform role from a person
///
/// It takes effect at the person's next request. A platform owner stays one until another approver has agreed (`approve_change`),
/// or for seven days if no one else has an effective vote (`takes_effect`). Until the vote of a new owner starts, one approver
/// takes the role alone. The last owner who can log in always keeps it.
#[utoipa::path(tag = "users", params(PlatformRolePath), extensions(("x-required-permission" = json!("grant_platform_roles")),
        ("x-problem-codes" = json!(["already_exists"]))),
    responses(
        (status = 204, description = "The role is removed."),
        (status = 202, description = "Removing a platform owner requires approval: the pending change.", body = ApprovalBody),
    ))]
#[delete("/users/{user_id}/platform-roles/{platform_role}")]
pub(super) async fn remove_platform_role(call: Call<PlatformRolePath>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        managed.authority.may_modify()?;
        let role = input.path.platform_role.0;
        if role == PlatformRole::Owner {
            require_other_platform_owner(ctx, &managed)?;
            if may_remove_alone(ctx, managed.account.id)? {
                revoke_platform_role(ctx, &managed, role, None)?;
                return Ok(Answer::no_content());
            }
            let reason = "Removal of a platform owner.";
            let approval =
                request_approval_or_apply(ctx, CriticalChange::RemovePlatformOwner, &managed, reason)?;
            return Answer::accepted(&ApprovalBody::of(&approval, ctx.now));
        }
        revoke_platform_role(ctx, &managed, role, None)?;
        Ok(Answer::no_content())
    })
    .await
}
