use actix_web::get;

use super::my_profile::MyProfile;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};

/// Reads your profile
#[utoipa::path(tag = "accounts", responses((status = 200, description = "The profile.", body = MyProfile)))]
#[get("/me/profile")]
pub(super) async fn get_my_profile(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |ctx, _| {
        Answer::ok(&MyProfile::from(&ctx.tx.profile(ctx.caller.user_id())?))
    })
    .await
}
