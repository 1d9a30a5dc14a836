use actix_web::post;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;

/// Mails the confirmation or set-up link to a member again
///
/// The mailed link before it stops working; one that staff fetched works on. An account that is confirmed already is 409; a second link within two minutes is 429.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), extensions(("x-required-permission" = json!("confirm_members"))),
    responses((status = 204, description = "The mail is queued.")))]
#[post("/orgs/{org_id}/members/{user_id}/send-confirmation")]
pub(super) async fn send_member_confirmation(call: Call<MemberPath>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.send_confirmation(&managed)?;
        Ok(Answer::no_content())
    })
    .await
}
