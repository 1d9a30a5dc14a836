use actix_web::put;
use application::accounts::managed_account::managed_account_on_platform;
use application::approvals::critical::on_platform::{request_approval_or_apply, require_grantable};
use roles::CriticalChange;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::PlatformRolePath;
use crate::people::approvals::approval::ApprovalBody;
use crate::people::reason::ReasonBody;

/// Requests a platform role for a person
///
/// Another approver has to agree (`approve_change`). If no one else has an effective vote, it is given after seven days
/// unless a person concerned denies it; immediately if no one else holds the right. See `takes_effect`. A role cannot be given with more
/// rights than the caller's own. Returns 403 `address_unproved` if the address of the account is not proved.
#[utoipa::path(tag = "users", params(PlatformRolePath), request_body = ReasonBody, extensions(("x-required-permission" = json!("grant_platform_roles")),
        ("x-problem-codes" = json!(["address_unproved", "already_exists", "conflict", "invalid_transition"]))),
    responses((status = 202, description = "The critical change: pending, or approved if nobody else holds the right.", body = ApprovalBody)))]
#[put("/users/{user_id}/platform-roles/{platform_role}")]
pub(super) async fn grant_platform_role(call: Call<PlatformRolePath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let role = input.path.platform_role.0;
        require_grantable(ctx, &managed, role)?;
        let approval = request_approval_or_apply(
            ctx,
            CriticalChange::GrantPlatformRole(role),
            &managed,
            &input.body.reason,
        )?;
        Answer::accepted(&ApprovalBody::of(&approval, ctx.now))
    })
    .await
}
