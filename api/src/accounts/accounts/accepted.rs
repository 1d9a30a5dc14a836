//! Operations without a log-in that name an address. They save the request without looking it up, and respond alike.

use application::accounts::account_tasks::AccountTask;
use application::app::App;
use application::problem::Problem;
use persistence::{AccountRequest, Scope};
use serde::{Deserialize, Serialize};
use users::EmailAddress;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::rate_limit::MailAllowed;
use web::values::EmailValue;

/// Accepted. A mail explains the next step.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"detail": "If the address can be used, a mail is on its way."}))]
pub(crate) struct Accepted {
    /// The same words for every address.
    detail: String,
}

impl Accepted {
    pub(super) fn of(detail: &str) -> Self {
        Self { detail: detail.to_owned() }
    }
}

/// An address.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"email": "sam@example.org"}))]
pub(crate) struct EmailRequest {
    /// The address of an account.
    email: EmailValue,
}

/// Saves the request and responds. A job looks the address up later, so that neither the response nor its time
/// reveals whether the address has an account (S000-5).
pub(super) async fn accept(app: &App, _allowed: MailAllowed, request: AccountRequest) -> Reply {
    app.db.write(Scope::default(), move |tx| Ok::<_, Problem>(tx.add_account_request(&request)?)).await?;
    let accepted = Accepted::of("If the address can be used, a mail is on its way.");
    Ok(Answer::accepted(&accepted)?.into_response(None))
}

/// As [`accept`], for a request that consists of an address.
pub(super) async fn accept_address(call: Call<(), (), EmailRequest>, what: AccountTask) -> Reply {
    let input = call.input()?;
    let email = EmailAddress::parse(&input.body.email.0).map_err(|e| Problem::rule("#/email", &e))?;
    let client = call.meta.origin.client_address();
    let request = what.for_address(email, client.to_string());
    accept(&call.app, call.state.limits.count_mail(client)?, request).await
}
