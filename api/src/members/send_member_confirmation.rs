use actix_web::post;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;

/// Mails the confirmation or set-up link to a member again
///
/// The mailed link before it stops working; one that staff fetched works on. An account that is confirmed already is 409; two minutes lie between two links, else 429.
/// Of somebody who was added and has not come yet it is 403 `person_not_here_yet`.
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
