use actix_web::put;
use roles::CriticalChange;

use super::body::PlatformRolePath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::people::{ApprovalBody, WithReason};

/// Asks to give somebody a platform role
///
/// A second person has to agree (`approve_change`); while nobody else could, it is agreed to at once. Nobody gives a role
/// with more rights than his own.
#[utoipa::path(tag = "users", params(PlatformRolePath), request_body = WithReason, extensions(("x-required-permission" = json!("grant_platform_roles"))),
    responses((status = 202, description = "It waits for a second person, unless there is none.", body = ApprovalBody)))]
#[put("/users/{user_id}/platform-roles/{platform_role}")]
pub(super) async fn grant_platform_role(call: Call<PlatformRolePath, (), WithReason>) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let case = work.case(input.path.user_id())?;
        let role = input.path.platform_role.0;
        work.may_be_granted(&case, role)?;
        let asked = work.ask_or_do(CriticalChange::GrantPlatformRole(role), &case, &input.body.reason)?;
        Answer::accepted(&ApprovalBody::of(&asked, work.now))
    })
    .await
}
