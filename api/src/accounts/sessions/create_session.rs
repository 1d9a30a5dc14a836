use std::collections::BTreeSet;

use actix_web::post;
use application::account_events::account_event;
use application::accounts::account_tasks::{AccountTask, FailedLogIn};
use application::accounts::guesses::{Guess, Source, Target};
use application::accounts::two_factor::guesses;
use application::accounts::two_factor::presented_factor::{PresentedFactor, verify_factor};
use application::app::App;
use application::clock::{new_id, new_secret, now};
use application::keys::hash_of;
use application::origin::Origin;
use application::problem::Problem;
use application::problem_codes::Code;
use persistence::{AccountEvent, Scope, Tx};
use roles::{LogInObstacle, MembershipState};
use serde::Deserialize;
use users::{
    Account, AccountEventKind, ClientNetwork, EmailAddress, Restriction, Session, SessionId, TwoFactor,
    UserId, open_agreements,
};
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::SessionTokens;

/// A user id that does not exist, for queries about an address without an account.
const NOBODY: UserId = UserId(Uuid::nil());

/// The credentials of a log-in.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"email": "rbt@sunrise.example", "password": "steward-demo-password"}))]
pub(crate) struct CreateSession {
    /// The address of the account.
    #[schema(min_length = 1, max_length = 254)]
    email: String,
    /// Its password, as it was chosen.
    #[schema(min_length = 1, max_length = 128)]
    password: String,
    /// What the device shows, where two-factor log-in is on; without it the answer is `two_factor_required`.
    #[schema(min_length = 6, max_length = 7, pattern = "^[0-9]{3} ?[0-9]{3}$")]
    totp_code: Option<String>,
    /// A recovery code in its place.
    #[schema(min_length = 1, max_length = 60)]
    recovery_code: Option<String>,
}

/// Logs in
///
/// A wrong address and a wrong password get the same answer after the same time. After 20 failures at one account within 15
/// minutes, or 30 from one network, further attempts have to wait (429 `too_many_attempts`), as have attempts beyond these
/// that are sent at once; wrong codes count as well. A network is an IPv4 address or an IPv6 /64. One from which the account
/// was logged in to in the last 30 days has a count of its own: failures elsewhere do not delay log-ins from there.
#[utoipa::path(tag = "sessions", security(()), request_body = CreateSession, extensions(("x-problem-codes" = json!(["invalid_credentials", "rule_violated", "too_many_attempts", "two_factor_required"]))),
    responses((status = 201, description = "The tokens of the new session.", body = SessionTokens)))]
#[post("/sessions")]
pub(super) async fn create_session(call: Call<(), (), CreateSession>) -> Reply {
    let input = call.input()?;
    let presented = PresentedFactor::of(input.body.totp_code.as_ref(), input.body.recovery_code.as_ref())?;
    let (app, origin) = (call.app, call.meta.origin.clone());
    let place = app.passwords.enter()?;
    let (sent, source) = (input.body.email.clone(), Source::LogIn(origin.client_address()));
    let (found, guess) = app.guesses.save(&app.db, move |tx| look_up(tx, &sent, source)).await?;
    let saved = found.as_ref().and_then(|known| known.password_hash.clone());
    let checked = place.check(input.body.password.clone(), saved).await?;
    let Some(known) = found.as_ref().filter(|known| known.obstacle.is_none() && checked.is_right) else {
        let cause = found.and_then(|known| known.obstacle).map_or("wrong_password", LogInObstacle::as_str);
        refuse(&app, &origin, guess, queue_failed_log_in(&origin, &input.body.email, cause)).await?;
        return Err(wrong().into());
    };
    // A code counts as a guess until it turns out to be right.
    let presented = match presented.filter(|_| known.has_two_factor) {
        Some(presented) => {
            let code = guesses::reserve(&app, known.account.id, source).await;
            Some((presented, withdraw_guess_on_error(&app, &guess, code).await?))
        }
        None => None,
    };
    let secret = new_secret().map_err(|_| Problem::internal())?;
    let session = Session::begin(
        SessionId(new_id()),
        known.account.id,
        origin.user_agent.clone(),
        Some(origin.client_address().to_string()),
        now(),
    );
    let (hash, saved) = (hash_of(&secret), known.password_hash.clone());
    let event = AccountEvent {
        actor: Some(known.account.id),
        ..account_event(AccountEventKind::SessionCreated, known.account.id, &origin)
    };
    let (with, second, guessed) = (origin.clone(), presented.clone(), guess.clone());
    let begun = app
        .db
        .write(Scope::PLATFORM, move |tx| {
            // The password and the account may have changed during the check.
            tx.lock_account(session.user_id)?;
            let account = tx.account(session.user_id)?.ok_or_else(wrong)?;
            if tx.password_hash(account.id)? != saved || obstacle_of(tx, &account)?.is_some() {
                return Err(wrong());
            }
            show_second_factor(tx, &account, second.as_ref(), &with)?;
            guessed.succeeded(tx)?;
            tx.save_known_network(account.id, &ClientNetwork::of(with.client_address()).to_string(), now())?;
            if let Some(better) = &checked.better_hash {
                tx.save_password_hash(account.id, better)?;
            }
            let session = Session { restrictions: restrictions_of(tx, &account)?, ..session.clone() };
            let after = account.after_log_in(guessed.is_from_unknown_network(), now());
            if after.locked_until != account.locked_until || account.temporary_password_until.is_some() {
                tx.save_account(&after)?;
            }
            tx.record_account(&event)?;
            tx.add_session(&session, &hash)?;
            Ok::<_, Problem>(session)
        })
        .await;
    match (begun.as_ref().map_err(Problem::code), presented) {
        (Err(Code::TwoFactorRequired), Some((_, code))) => {
            refuse(&app, &origin, code, queue_failed_log_in(&origin, &input.body.email, "wrong_code"))
                .await?;
        }
        (Err(_), Some((_, code))) => app.db.write(Scope::PLATFORM, move |tx| code.withdraw(tx)).await?,
        _ => {}
    }
    let session = withdraw_guess_on_error(&app, &guess, begun).await?;
    log::info!("session.created id={} session={}", origin.request_id, session.id.0);
    let tokens = SessionTokens::of(&app, &session, secret, now())?;
    Ok(Answer::created(format!("/api/v1/me/sessions/{}", session.id.0), &tokens)?.into_response(None))
}

/// Handles failures after a right password: they do not count as a wrong password.
async fn withdraw_guess_on_error<T>(
    app: &App,
    guess: &Guess,
    done: Result<T, Problem>,
) -> Result<T, Problem> {
    if done.is_err() {
        let guess = guess.clone();
        app.db.write(Scope::PLATFORM, move |tx| guess.withdraw(tx)).await?;
    }
    done
}

/// The account with the address that was sent.
struct FoundAccount {
    account: Account,
    password_hash: Option<String>,
    has_two_factor: bool,
    /// Why its owner cannot log in, even with the right password (S000-10).
    obstacle: Option<LogInObstacle>,
}

/// The account with this address, if any, and the guess at its password, saved before the check. Fails if the caller
/// must wait.
///
/// For an address without an account, the same statements run: otherwise the response time would reveal which
/// addresses have accounts.
fn look_up(tx: &mut Tx<'_>, sent: &str, source: Source) -> Result<(Option<FoundAccount>, Guess), Problem> {
    let account = match EmailAddress::parse(sent) {
        Ok(email) => tx.account_by_email(&email)?,
        Err(_) => None,
    };
    let id = account.as_ref().map_or(NOBODY, |account| account.id);
    let guess = Guess::reserve(tx, &Target::password(sent, id), source)?;
    let password_hash = tx.password_hash(id)?;
    let has_two_factor = tx.has_two_factor(id)?;
    let relations = relations_of(tx, id)?;
    let known = account.map(|account| FoundAccount {
        obstacle: relations.obstacle(&account),
        account,
        password_hash,
        has_two_factor,
    });
    Ok((known, guess))
}

/// The relations of a user to the platform on which log-in depends.
struct LogInRelations {
    membership_states: Vec<MembershipState>,
    has_platform_role: bool,
}

impl LogInRelations {
    fn obstacle(&self, account: &Account) -> Option<LogInObstacle> {
        roles::log_in_obstacle(account, &self.membership_states, self.has_platform_role, now())
    }
}

fn relations_of(tx: &mut Tx<'_>, user: UserId) -> Result<LogInRelations, Problem> {
    let has_platform_role = !tx.platform_roles(user)?.is_empty();
    Ok(LogInRelations { membership_states: tx.membership_states(user, None, now())?, has_platform_role })
}

/// Why the owner of an account cannot log in or refresh a session.
pub(super) fn obstacle_of(tx: &mut Tx<'_>, account: &Account) -> Result<Option<LogInObstacle>, Problem> {
    Ok(relations_of(tx, account.id)?.obstacle(account))
}

/// The steps that are required after log-in, before anything else is allowed.
pub(crate) fn restrictions_of(tx: &mut Tx<'_>, account: &Account) -> Result<BTreeSet<Restriction>, Problem> {
    let mut restrictions = BTreeSet::new();
    if account.temporary_password_until.is_some() {
        restrictions.insert(Restriction::ChangePassword);
    }
    if !open_agreements(&tx.agreements()?, &tx.consents_of(account.id)?).is_empty() {
        restrictions.insert(Restriction::AcceptAgreements);
    }
    Ok(restrictions)
}

/// Requires a right second factor, if the account uses one.
fn show_second_factor(
    tx: &mut Tx<'_>,
    account: &Account,
    presented: Option<&(PresentedFactor, Guess)>,
    origin: &Origin,
) -> Result<(), Problem> {
    let Some(on) = tx.two_factor(account.id)?.filter(TwoFactor::is_on) else { return Ok(()) };
    let asked = |detail: &str| Problem::new(Code::TwoFactorRequired, detail);
    let (presented, guess) =
        presented.ok_or_else(|| asked("Send a code of your device, or a recovery code, as well."))?;
    match verify_factor(tx, &on, account, presented, origin, now()) {
        Err(problem) if problem.code() == Code::RuleViolated => {
            Err(asked("The code is wrong, or was used before."))
        }
        other => other.map(drop),
    }?;
    guess.succeeded(tx)
}

fn wrong() -> Problem {
    Problem::new(Code::InvalidCredentials, "The address or the password is wrong.")
}

/// Records a failure, and queues it for the history of the account, if any. The same work for every address.
async fn refuse(
    app: &App,
    origin: &Origin,
    guess: Guess,
    note: impl Fn(&mut Tx<'_>) -> Result<(), Problem> + Send + 'static,
) -> Result<(), Problem> {
    let count = move |tx: &mut Tx<'_>| {
        guess.failed(tx)?;
        note(tx)
    };
    app.db.write(Scope::PLATFORM, count).await?;
    log::info!("session.refused id={} address={}", origin.request_id, origin.client_address());
    Ok(())
}

/// Queues a failed log-in for the history of the account.
fn queue_failed_log_in(
    origin: &Origin,
    email: &str,
    cause: &'static str,
) -> impl Fn(&mut Tx<'_>) -> Result<(), Problem> + Send + 'static {
    let note = EmailAddress::parse(email).ok().map(|email| {
        let failed = FailedLogIn {
            cause: cause.to_owned(),
            request_id: origin.request_id.clone(),
            user_agent: origin.user_agent.clone(),
        };
        AccountTask::RecordFailedLogIn(failed).for_address(email, origin.client_address().to_string())
    });
    move |tx| note.as_ref().map_or(Ok(()), |note| Ok(tx.add_account_request(note)?))
}
