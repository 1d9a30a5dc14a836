use actix_web::get;

use super::my_profile::MyProfile;
use crate::answer::Answer;
use crate::call::{AccountScope, Call, Reply};

/// Reads what one tells of oneself
#[utoipa::path(tag = "accounts", responses((status = 200, description = "The profile.", body = MyProfile)))]
#[get("/me/profile")]
pub(super) async fn get_my_profile(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |work, _| {
        Answer::ok(&MyProfile::from(&work.tx.profile(work.who.user_id())?))
    })
    .await
}
