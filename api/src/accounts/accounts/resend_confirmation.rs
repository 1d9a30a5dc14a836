use actix_web::post;
use application::accounts::account_tasks::AccountTask;
use web::call::{Call, Reply};

use super::accepted::{Accepted, EmailRequest, accept_address};

/// Mails the confirmation link again
///
/// The answer is the same whatever the address. A pending account gets a new link, and the older one
/// stops working; not more often than every two minutes.
#[utoipa::path(tag = "accounts", security(()), request_body = EmailRequest, responses((status = 202, description = "The request is accepted; if the address has an unconfirmed account, a mail follows.", body = Accepted)))]
#[post("/registrations/resend")]
pub(super) async fn resend_confirmation(call: Call<(), (), EmailRequest>) -> Reply {
    accept_address(call, AccountTask::ResendConfirmation).await
}
