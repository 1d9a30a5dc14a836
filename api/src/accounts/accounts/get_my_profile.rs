use actix_web::get;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::my_profile::MyProfile;

/// Reads your profile
#[utoipa::path(tag = "accounts", responses((status = 200, description = "The profile.", body = MyProfile)))]
#[get("/me/profile")]
pub(super) async fn get_my_profile(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |ctx, _| {
        Answer::ok(&MyProfile::from(&ctx.tx.profile(ctx.caller.user_id())?))
    })
    .await
}
