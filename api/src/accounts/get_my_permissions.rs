use actix_web::get;

use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::people::EffectivePermissions;

/// Reads your permissions and the roles that grant them
#[utoipa::path(tag = "accounts", responses((status = 200, description = "All of it.", body = EffectivePermissions)))]
#[get("/me/permissions")]
pub(super) async fn get_my_permissions(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |ctx, _| {
        let managed = ctx.managed_account(ctx.caller.user_id())?;
        Answer::ok(&ctx.permissions_of(&managed)?)
    })
    .await
}
