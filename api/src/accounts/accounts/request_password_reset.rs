use actix_web::post;
use application::accounts::account_tasks::AccountTask;
use web::call::{Call, Reply};

use super::accepted::{Accepted, EmailRequest, accept_address};

/// Mails a link to reset a password
///
/// The answer is the same whatever the address. An active account gets a link that works once and for half an hour; a newer
/// one ends it. Not more often than every two minutes.
#[utoipa::path(tag = "accounts", security(()), request_body = EmailRequest, responses((status = 202, description = "The request is accepted; if the address has an active account, a mail follows.", body = Accepted)))]
#[post("/password-resets")]
pub(super) async fn request_password_reset(call: Call<(), (), EmailRequest>) -> Reply {
    accept_address(call, AccountTask::ResetPassword).await
}
