use actix_web::post;
use application::accounts::hand_over::HandOver;
use web::call::{Call, Reply};

use super::accepted::{Accepted, ByAddress, accept_address};

/// Mails the confirmation link again
///
/// The answer is the same whatever the address. A pending account gets a new link, and the older one
/// stops working; not more often than every two minutes.
#[utoipa::path(tag = "accounts", security(()), request_body = ByAddress, responses((status = 202, description = "If there is something to confirm, a mail goes to the address.", body = Accepted)))]
#[post("/registrations/resend")]
pub(super) async fn resend_confirmation(call: Call<(), (), ByAddress>) -> Reply {
    accept_address(call, HandOver::ResendConfirmation).await
}
