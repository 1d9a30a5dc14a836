use actix_web::post;
use application::accounts::account_tasks::{AccountTask, AddressChange};
use application::accounts::new_password::require_current;
use application::problem::Problem;
use serde::Deserialize;
use users::EmailAddress;
use utoipa::ToSchema;
use web::call::{Call, Reply};
use web::values::EmailValue;

use super::accepted::{Accepted, accept};

/// Your new email address.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"current_password": "the password until today", "email": "riley@sunrise.example"}))]
pub(crate) struct ChangeMyAddress {
    /// The password that works now.
    #[schema(min_length = 1, max_length = 128)]
    current_password: String,
    /// The new address. It takes effect when it is confirmed.
    email: EmailValue,
}

/// Requests another email address for your account
///
/// A mail with a link goes to the new address, and the old one works until you confirm the new one
/// (`confirm_address_change`). The answer is the
/// same whether the new address has an account or not. Wrong passwords count as failed log-ins.
#[utoipa::path(tag = "accounts", request_body = ChangeMyAddress, extensions(("x-problem-codes" = json!(["rule_violated", "too_many_attempts"]))),
    responses((status = 202, description = "The mail to the new address is queued.", body = Accepted)))]
#[post("/me/change-address")]
pub(super) async fn change_my_address(call: Call<(), (), ChangeMyAddress>) -> Reply {
    let call = call.signed_in().await?;
    let input = call.input()?;
    let email = EmailAddress::parse(&input.body.email.0).map_err(|e| Problem::rule("#/email", &e))?;
    let user = call.meta.origin.actor()?;
    let allowed = call.state.limits.count_mail(call.meta.origin.client_address())?;
    let account =
        require_current(&call.app, &call.meta.origin, &input.body.current_password, "#/current_password")
            .await?;
    let change = AddressChange { user_id: user.0, account_version: account.version };
    let client = call.meta.origin.client_address().to_string();
    let request = AccountTask::ChangeAddress(change).for_address(email, client);
    accept(&call.app, allowed, request).await
}
