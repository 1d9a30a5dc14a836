use actix_web::post;
use application::account_events::account_event;
use application::accounts::after_link::save_use_of_link;
use application::accounts::guesses::{Guess, Source, Target};
use application::problem::{Problem, sentence};
use application::problem_codes::Code;
use application::{clock, one_time_links};
use persistence::{Scope, Tx};
use serde::Deserialize;
use users::{Account, AccountEventKind, OneTimeToken, TokenPurpose};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};

/// The link of a mail, and the password of the registration.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y", "password": "a long and quiet afternoon"}))]
pub(crate) struct ConfirmAddress {
    /// The token of the link.
    #[schema(min_length = 1, max_length = 200)]
    token: String,
    /// The password that was chosen when registering.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
}

/// Confirms the address of a registration
///
/// The account can be used afterwards. Requires the password of the registration as well: a person who registered the
/// address of somebody else does not have the link, and the owner of the address does not know the password. The link
/// stays valid after a wrong password (422); register again, or choose a new password with `request_password_reset`.
/// Wrong passwords count as failed log-ins. Returns 410 if the link was used, has expired or was replaced.
#[utoipa::path(tag = "accounts", security(()), request_body = ConfirmAddress, extensions(("x-problem-codes" = json!(["gone", "rule_violated", "too_many_attempts"]))),
    responses(
        (status = 204, description = "The address is confirmed; log in."),
    ))]
#[post("/registrations/confirm")]
pub(super) async fn confirm_address(call: Call<(), (), ConfirmAddress>) -> Reply {
    let input = call.input()?;
    let (app, origin, code) = (call.app, call.meta.origin.clone(), input.body.token.clone());
    let (place, source) = (app.passwords.enter()?, Source::LogIn(origin.client_address()));
    let save = move |tx: &mut Tx<'_>| {
        let (_, account) = whose(tx, &code)?;
        let target = Target::password(account.email.as_str(), account.id);
        let guess = Guess::reserve(tx, &target, source)?;
        Ok((tx.password_hash(account.id)?, guess))
    };
    let (kept, guess) = app.guesses.save(&app.db, save).await?;
    if !place.check(input.body.password.clone(), kept.clone()).await?.is_right {
        app.db.write(Scope::PLATFORM, move |tx| guess.failed(tx)).await?;
        return Err(Problem::rule("#/password", &"this is not the password of the registration").into());
    }
    app.db.write(Scope::PLATFORM, move |tx| guess.withdraw(tx)).await?;
    app.db
        .write(Scope::PLATFORM, move |tx| {
            let (token, account) = whose(tx, &input.body.token)?;
            if tx.password_hash(account.id)? != kept {
                return Err(one_time_links::gone());
            }
            let confirmed =
                account.confirm(clock::now()).map_err(|e| Problem::new(Code::Gone, sentence(&e)))?;
            one_time_links::spend(tx, &token)?;
            let confirmed = confirmed.proved_by(&token, clock::now());
            tx.save_account(&confirmed)?;
            save_use_of_link(tx, &confirmed, &token, &origin)?;
            Ok::<_, Problem>(tx.record_account(&account_event(
                AccountEventKind::AddressConfirmed,
                account.id,
                &origin,
            ))?)
        })
        .await?;
    Ok(Answer::no_content().into_response(None))
}

fn whose(tx: &mut Tx<'_>, code: &str) -> Result<(OneTimeToken, Account), Problem> {
    let token = one_time_links::find(tx, code, TokenPurpose::ConfirmAddress)?;
    let account =
        tx.account(token.user_id.ok_or_else(one_time_links::gone)?)?.ok_or_else(one_time_links::gone)?;
    Ok((token, account))
}
