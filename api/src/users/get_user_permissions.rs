use actix_web::get;

use super::body::UserPath;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::people::{AccessKind, EffectivePermissions, PurposeQuery};

/// Reads a person's permissions and the roles that grant them
///
/// Reading is recorded once a day per purpose, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "All of it.", body = EffectivePermissions)))]
#[get("/users/{user_id}/permissions")]
pub(super) async fn get_user_permissions(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        let purpose = input.query.purpose.as_deref();
        ctx.record_people_shown(None, AccessKind::Permissions, purpose, &[managed.account.id])?;
        Answer::ok(&ctx.permissions_of(&managed)?)
    })
    .await
}
