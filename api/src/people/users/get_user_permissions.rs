use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::UserPath;
use crate::accounts::access_log::permissions::{EffectivePermissions, permissions_of};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_people_shown};

/// Reads a person's permissions and the roles that grant them
///
/// Reading is recorded once a day per purpose, and the person can see it.
#[utoipa::path(tag = "users", params(UserPath, PurposeQuery), extensions(("x-required-permission" = json!("view_users"))),
    responses((status = 200, description = "The permissions, with the roles that grant them.", body = EffectivePermissions)))]
#[get("/users/{user_id}/permissions")]
pub(super) async fn get_user_permissions(call: Call<UserPath, PurposeQuery>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let purpose = input.query.purpose.as_deref();
        record_people_shown(ctx, None, AccessKind::Permissions, purpose, &[managed.account.id])?;
        Answer::ok(&permissions_of(ctx, &managed)?)
    })
    .await
}
