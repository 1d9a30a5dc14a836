//! What those who are not logged in ask for by naming an address: kept unlooked at, and answered all alike.

use persistence::{AccountRequest, AccountRequestKind, Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use users::EmailAddress;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::app::App;
use crate::call::{Call, Reply};
use crate::clock::{new_id, now};
use crate::problem::Problem;
use crate::rate_limit::MailAllowed;
use crate::words::EmailWord;

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
pub(crate) struct ByAddress {
    /// The address of an account.
    email: EmailWord,
}

/// Keeps the request and answers. Whether the address has an account is found out afterwards, by a job: neither the answer
/// nor its time tells (S000-5).
pub(super) async fn accept(app: &App, _allowed: MailAllowed, request: AccountRequest) -> Reply {
    app.db.write(Scope::default(), move |tx| Ok::<_, Problem>(tx.add_account_request(&request)?)).await?;
    let accepted = Accepted::of("If the address can be used, a mail is on its way.");
    Ok(Answer::accepted(&accepted)?.into_response(None))
}

/// The same for a request that is nothing but an address.
pub(super) async fn accept_address(call: Call<(), (), ByAddress>, kind: AccountRequestKind) -> Reply {
    let input = call.input()?;
    let email = EmailAddress::parse(&input.body.email.0).map_err(|e| Problem::rule("#/email", &e))?;
    let request = AccountRequest {
        id: new_id(),
        kind,
        email,
        payload: Value::Null,
        address: call.head.address.to_string(),
        created_at: now(),
    };
    accept(&call.app, call.app.limits.count_mail(call.head.address)?, request).await
}
