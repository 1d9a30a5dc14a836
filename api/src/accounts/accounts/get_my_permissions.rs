use actix_web::get;
use application::accounts::managed_account::managed_account_on_platform;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use crate::accounts::access_log::permissions::{EffectivePermissions, permissions_of};

/// Reads your permissions and the roles that grant them
#[utoipa::path(tag = "accounts", responses((status = 200, description = "The permissions, with the roles that grant them.", body = EffectivePermissions)))]
#[get("/me/permissions")]
pub(super) async fn get_my_permissions(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |ctx, _| {
        let managed = managed_account_on_platform(ctx, ctx.caller.user_id())?;
        Answer::ok(&permissions_of(ctx, &managed)?)
    })
    .await
}
