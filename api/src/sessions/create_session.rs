use std::net::IpAddr;

use actix_web::post;
use chrono::{DateTime, Utc};
use persistence::{Scope, Tx};
use serde::Deserialize;
use users::{Account, EmailAddress, Session, SessionId, THROTTLE_WINDOW, wait_after_failures};
use utoipa::ToSchema;

use super::body::SessionTokens;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::clock::{new_id, new_secret, now};
use crate::keys::hash_of;
use crate::problem::{Code, Problem};

/// Who logs in.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"email": "rbt@sunrise.example", "password": "steward-demo-password"}))]
pub(crate) struct CreateSession {
    /// The address of the account.
    #[schema(min_length = 1, max_length = 254)]
    email: String,
    /// Its password, as it was chosen.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
}

/// Logs in
///
/// A wrong address and a wrong password get the same answer after the same time. Repeated failures have to wait, those of
/// one account and those from one address.
#[utoipa::path(tag = "sessions", security(()), request_body = CreateSession, responses((status = 201, description = "Logged in.", body = SessionTokens)))]
#[post("/sessions")]
pub(super) async fn create_session(call: Call<(), (), CreateSession>) -> Reply {
    let input = call.input()?;
    let (app, head) = (call.app, call.head);
    let email = EmailAddress::parse(&input.body.email).ok();
    let account_key = hash_of(&input.body.email.to_ascii_lowercase());
    let (key, address, wanted) = (account_key.clone(), head.address, email.clone());
    let found = app
        .db
        .read(Scope { is_platform: true, ..Scope::default() }, move |tx| {
            look_up(tx, &key, address, wanted.as_ref())
        })
        .await?;
    let kept = found.as_ref().map(|(_, hash)| hash.clone());
    let checked = app.passwords.check(input.body.password.clone(), kept).await?;
    let account = found.map(|(account, _)| account).filter(|_| checked.is_right);
    let Some(account) = account else {
        app.db
            .write(Scope::default(), move |tx| {
                Ok::<(), Problem>(tx.add_login_failure(
                    new_id(),
                    &account_key,
                    &address.to_string(),
                    now(),
                )?)
            })
            .await?;
        log::info!("session.refused id={} address={address}", head.request_id);
        return Err(Problem::new(Code::InvalidCredentials, "The address or the password is wrong."));
    };
    let secret = new_secret().map_err(|_| Problem::internal())?;
    let session = Session::begin(
        SessionId(new_id()),
        account.id,
        head.user_agent.clone(),
        Some(address.to_string()),
        now(),
    );
    let (row, hash) = (session.clone(), hash_of(&secret));
    app.db
        .write(Scope::default(), move |tx| {
            tx.forget_login_failures(&account_key)?;
            if let Some(better) = &checked.better_hash {
                tx.save_password_hash(row.user_id, better)?;
            }
            Ok::<(), Problem>(tx.add_session(&row, &hash)?)
        })
        .await?;
    log::info!("session.created id={} session={}", head.request_id, session.id.0);
    let tokens = SessionTokens::of(&app, &session, secret, now())?;
    Ok(Answer::created(format!("/api/v1/me/sessions/{}", session.id.0), &tokens)?.into_response(None))
}

/// The account that may log in with this address, and the hash of its password; or how long to wait.
fn look_up(
    tx: &mut Tx<'_>,
    key: &str,
    address: IpAddr,
    email: Option<&EmailAddress>,
) -> Result<Option<(Account, String)>, Problem> {
    let now: DateTime<Utc> = now();
    let (of_account, of_address) = tx.login_failures(key, &address.to_string(), now - THROTTLE_WINDOW)?;
    if let Some(wait) = wait_after_failures(of_account, of_address, now) {
        let seconds = u64::try_from(wait.num_seconds() + 1).unwrap_or(1);
        return Err(Problem::new(Code::TooManyAttempts, "Too many failed attempts; wait, then try again.")
            .with_retry_after(seconds));
    }
    let Some(email) = email else { return Ok(None) };
    let Some(account) = tx.account_by_email(email)?.filter(Account::may_log_in) else { return Ok(None) };
    let has_platform_role = !tx.platform_permissions(account.id)?.is_empty();
    if !roles::may_log_in(&tx.standings(account.id)?, has_platform_role) {
        return Ok(None);
    }
    Ok(tx.password_hash(account.id)?.map(|hash| (account, hash)))
}
