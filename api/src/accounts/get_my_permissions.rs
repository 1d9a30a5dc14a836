use actix_web::get;

use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};
use crate::people::EffectivePermissions;

/// Reads what one may do, and by which roles
#[utoipa::path(tag = "accounts", responses((status = 200, description = "All of it.", body = EffectivePermissions)))]
#[get("/me/permissions")]
pub(super) async fn get_my_permissions(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |work, _| {
        let case = work.case(work.who.user_id())?;
        Answer::ok(&work.permissions_of(&case)?)
    })
    .await
}
