use actix_web::post;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;

/// Mails a password reset link to a member
///
/// It goes to the address on file; the link before it dies, and the password goes on working until the new one is chosen. Two minutes lie between two links, else 429.
/// Of somebody who was added and has not come yet it is 403 `person_not_here_yet`.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), extensions(("x-required-permission" = json!("reset_member_passwords"))),
    responses((status = 204, description = "The mail is queued.")))]
#[post("/orgs/{org_id}/members/{user_id}/send-password-reset")]
pub(super) async fn send_member_password_reset(call: Call<MemberPath>) -> Reply {
    call.write(|ctx, input| {
        let managed = ctx.managed_account(input.path.user_id())?;
        ctx.send_reset(&managed)?;
        Ok(Answer::no_content())
    })
    .await
}
