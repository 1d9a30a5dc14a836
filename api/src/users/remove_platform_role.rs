use actix_web::delete;
use roles::PlatformRole;

use super::body::PlatformRolePath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::problem::{Code, Problem};

/// Takes a platform role from somebody
///
/// It counts at the person's next request. The last platform owner who can log in stays one.
#[utoipa::path(tag = "users", params(PlatformRolePath), extensions(("x-required-permission" = json!("grant_platform_roles"))),
    responses((status = 204, description = "Taken.")))]
#[delete("/users/{user_id}/platform-roles/{platform_role}")]
pub(super) async fn remove_platform_role(call: Call<PlatformRolePath>) -> Reply {
    call.write_account(AccountScope::Platform, |work, input| {
        let case = work.case(input.path.user_id())?;
        case.care.may_change()?;
        let role = input.path.platform_role.0;
        work.tx.one_platform_change_at_a_time()?;
        if role == PlatformRole::Owner && work.tx.holders_of(&[role], case.account.id)?.is_empty() {
            return Err(Problem::new(
                Code::LastOwner,
                "The installation would have no owner left who can log in.",
            ));
        }
        if !work.tx.remove_platform_role(case.account.id, role)? {
            return Err(Problem::not_found());
        }
        let event = work.noted("platform_role_removed", &case, None).changed("role", role.as_str(), "");
        work.tx.record_account(&event)?;
        Ok(Answer::no_content())
    })
    .await
}
