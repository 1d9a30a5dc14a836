use actix_web::post;
use application::accounts::log_in_help::send_confirmation;
use application::accounts::managed_account::managed_account_in_org;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::MemberPath;

/// Mails the confirmation or set-up link to a member again
///
/// An earlier mailed link stops working; one that staff fetched continues to work. Returns 409 if the account is confirmed, and 429 for a second link within two minutes.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), extensions(("x-required-permission" = json!("confirm_members")),
        ("x-problem-codes" = json!(["invalid_transition", "membership_unclaimed", "too_many_attempts"]))),
    responses((status = 204, description = "The mail is queued.")))]
#[post("/orgs/{org_id}/members/{user_id}/send-confirmation")]
pub(super) async fn send_member_confirmation(call: Call<MemberPath>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        send_confirmation(ctx, &managed)?;
        Ok(Answer::no_content())
    })
    .await
}
