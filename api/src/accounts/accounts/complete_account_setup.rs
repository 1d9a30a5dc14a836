use actix_web::post;
use application::account_events::account_event;
use application::accounts::after_link::save_chosen_password;
use application::accounts::new_password::words_of;
use application::clock::{new_id, now};
use application::one_time_links;
use application::passwords::require_strong;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use persistence::{Constraint, Scope, StoreError, Tx};
use roles::PlatformRole;
use serde::{Deserialize, Serialize};
use users::{Account, AccountEventKind, EmailAddress, OneTimeToken, PersonName, TokenPurpose, UserId};
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};

/// What the owner of a new account chooses.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y", "name": "Robin Hale", "password": "a long and quiet afternoon"}))]
pub(crate) struct CompleteAccountSetup {
    /// The token of the one-time link, or the one printed at the first start.
    #[schema(min_length = 1, max_length = 200)]
    token: String,
    /// The person's name. One line; `://`, `www.` and `@` are refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<person_name>")]
    name: String,
    /// At least 12 characters of any kind. Returns 422 `weak_password`, with the reason, if it is too easy to guess.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
    /// Only with the token printed at the first start: the address of the platform owner. Unless given, it is the one
    /// that the server was started with.
    #[schema(
        max_length = 254,
        pattern = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$"
    )]
    email: Option<String>,
}

/// An account that is ready for use.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "email": "robin@sunrise.example", "name": "Robin Hale", "locale": "en"}))]
#[schema(as = Account)]
pub(crate) struct AccountBody {
    id: Uuid,
    email: String,
    name: String,
    /// The preferred language, a BCP 47 tag.
    locale: String,
}

/// Sets up a new account with a one-time token
///
/// A mailed link proves the address; one that staff handed over, or the one printed at the first start, proves nothing,
/// but the platform owner's address is taken as proved. The mailed link works after one that was handed over, too: it
/// sets a new password and ends all sessions. Returns 410 if the token was used, has expired or was replaced.
#[utoipa::path(tag = "accounts", security(()), request_body = CompleteAccountSetup, extensions(("x-problem-codes" = json!(["already_exists", "gone", "rule_violated", "weak_password"]))),
    responses(
        (status = 201, description = "The account is ready; log in.", body = AccountBody),
    ))]
#[post("/account-setups")]
pub(super) async fn complete_account_setup(call: Call<(), (), CompleteAccountSetup>) -> Reply {
    let input = call.input()?;
    let app = call.app;
    let owner_email = EmailAddress::parse(input.body.email.as_deref().unwrap_or(&app.owner_email))
        .map_err(|_| Problem::internal())?;
    let (code, wanted) = (input.body.token.clone(), owner_email.clone());
    let (_, account, is_new) = app.db.read(Scope::default(), move |tx| whose(tx, &code, wanted)).await?;
    if input.body.email.is_some() && !is_new {
        return Err(Problem::rule("#/email", &"the address of this account cannot be chosen").into());
    }
    let name = PersonName::parse(&input.body.name).map_err(|e| Problem::rule("#/name", &e))?;
    let named = Account { name: name.clone(), ..account };
    require_strong(&input.body.password, words_of(&named))?;
    let password_hash = app.passwords.enter()?.hash(input.body.password.clone()).await?;
    let (code, origin) = (input.body.token.clone(), call.meta.origin.clone());
    let account = app
        .db
        .write(Scope::PLATFORM, move |tx| {
            let (token, account, is_new) = whose(tx, &code, owner_email.clone())?;
            if is_new && tx.has_platform_owner()? {
                return Err(one_time_links::gone());
            }
            one_time_links::spend(tx, &token)?;
            let account = Account { name: name.clone(), ..ready(tx, account, &token)? };
            let account = if is_new {
                let account = account.with_proof(now());
                tx.add_account(&account, Some(&password_hash)).map_err(taken)?;
                tx.add_platform_role(account.id, PlatformRole::Owner, now())?;
                tx.remove_one_time_tokens(None, TokenPurpose::SetUpAccount)?;
                account
            } else {
                if token.mailed_to.is_some() {
                    tx.remove_one_time_tokens(Some(account.id), TokenPurpose::SetUpAccount)?;
                }
                save_chosen_password(tx, &account, &token, &password_hash, &origin)?
            };
            tx.record_account(&account_event(AccountEventKind::AccountSetUp, account.id, &origin))?;
            Ok::<_, Problem>(account)
        })
        .await?;
    log::info!("account.set_up id={} user={}", call.meta.origin.request_id, account.id.0);
    let body = AccountBody {
        id: account.id.0,
        email: account.email.as_str().into(),
        name: account.name.as_str().into(),
        locale: account.locale,
    };
    Ok(Answer::created("/api/v1/me".to_owned(), &body)?.into_response(None))
}

/// The account, ready for its owner's password. An account that was confirmed manually may still lack one. A reader
/// of the mailed link takes precedence over a person who used a link from staff.
fn ready(tx: &mut Tx<'_>, account: Account, token: &OneTimeToken) -> Result<Account, Problem> {
    match account.confirm(now()) {
        Ok(confirmed) => Ok(confirmed),
        Err(_) if !account.may_log_in() => Err(one_time_links::gone()),
        Err(_) if token.mailed_to.is_some() && account.was_never_proved() => Ok(account),
        Err(_) if tx.password_hash(account.id)?.is_none() => Ok(account),
        Err(_) => Err(one_time_links::gone()),
    }
}

fn taken(error: StoreError) -> Problem {
    match error {
        StoreError::Unique(Constraint::UserEmail) => {
            Problem::new(Code::AlreadyExists, "There is an account with this address.")
                .with_errors(vec![Fault::at("#/email", "already_exists", "Choose another.")])
        }
        other => other.into(),
    }
}

/// The token, the account that it is for, and whether the account must be created first.
fn whose(
    tx: &mut Tx<'_>,
    code: &str,
    owner_email: EmailAddress,
) -> Result<(OneTimeToken, Account, bool), Problem> {
    let token = one_time_links::find(tx, code, TokenPurpose::SetUpAccount)?;
    match token.user_id {
        Some(user) => {
            let account = tx.account(user)?.ok_or_else(one_time_links::gone)?;
            Ok((token, account, false))
        }
        None => {
            let name = PersonName::parse("Platform owner").map_err(|_| Problem::internal())?;
            Ok((token, Account::pending(UserId(new_id()), owner_email, name, now()), true))
        }
    }
}
