use actix_web::post;
use application::accounts::confirmation::confirm_account;
use application::accounts::managed_account::managed_account_on_platform;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{UserBody, UserPath, show_user};
use crate::people::reason::ReasonBody;

/// Confirms the address of an account manually
///
/// For people who do not get the mail. The account is active and its address proved afterwards, also where an active account
/// only lacked the proof. People who may approve critical changes are only activated: they prove their address themselves.
/// Returns 409 if nothing is left to confirm.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("confirm_users")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The updated account.", body = UserBody)))]
#[post("/users/{user_id}/confirm")]
pub(super) async fn confirm_user(call: Call<UserPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let managed = confirm_account(ctx, &managed, &input.body.reason)?;
        show_user(ctx, &managed)
    })
    .await
}
