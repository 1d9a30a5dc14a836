use actix_web::post;
use application::accounts::log_in_help::send_reset;
use application::accounts::managed_account::managed_account_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::MemberPath;

/// Mails a password reset link to a member
///
/// It is mailed to the address on file and replaces an earlier link. The old password works until the new one is set. Returns 429 for a second link within two minutes.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), extensions(("x-required-permission" = json!("reset_member_passwords")),
        ("x-problem-codes" = json!(["membership_unclaimed", "invalid_transition", "too_many_attempts"]))),
    responses((status = 204, description = "The mail is queued.")))]
#[post("/orgs/{org_id}/members/{user_id}/send-password-reset")]
pub(super) async fn send_member_password_reset(call: Call<MemberPath>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        send_reset(ctx, &managed)?;
        Ok(Answer::no_content())
    })
    .await
}
