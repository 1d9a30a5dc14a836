use actix_web::post;
use application::clock::{new_secret, now};
use application::keys::hash_of;
use application::problem::Problem;
use application::problem_codes::Code;
use persistence::Scope;
use roles::LogInObstacle;
use serde::Deserialize;
use users::RefreshRefused;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::SessionTokens;
use super::create_session::obstacle_of;

/// The refresh token to exchange.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"refresh_token": "q7Jm0Cw3hY2n5s8v1xZ4b6d9f0g2k4m7p9r1t3u5w8y"}))]
pub(crate) struct RefreshSession {
    /// The refresh token, as it was given.
    #[schema(min_length = 1, max_length = 2000)]
    refresh_token: String,
}

/// Exchanges a refresh token for a new pair of tokens
///
/// A blocked account gets no new pair. Each token works once. Using one again ends the whole session, because one of its two users may be a thief.
#[utoipa::path(tag = "sessions", security(()), request_body = RefreshSession, extensions(("x-problem-codes" = json!(["token_revoked"]))),
    responses((status = 200, description = "The new pair of tokens.", body = SessionTokens)))]
#[post("/sessions/refresh")]
pub(super) async fn refresh_session(call: Call<(), (), RefreshSession>) -> Reply {
    let input = call.input()?;
    let (app, request_id) = (call.app, call.meta.origin.request_id.clone());
    let secret = new_secret().map_err(|_| Problem::internal())?;
    let (spent, next) = (hash_of(&input.body.refresh_token), hash_of(&secret));
    let refreshed = app
        .db
        .write(Scope::default(), move |tx| {
            let Some((token, session)) = tx.refresh_token(&spent)? else { return Ok(Err(None)) };
            let account = tx.account(session.user_id)?.ok_or_else(Problem::internal)?;
            let obstacle = tx.for_platform(|tx| obstacle_of(tx, &account))?;
            match session.refresh(&token, now()) {
                Ok(_) if obstacle.is_some_and(LogInObstacle::ends_sessions) => Ok(Err(None)),
                Ok(session) => {
                    tx.rotate_refresh_token(&session, &spent, &next, now())?;
                    Ok(Ok(session))
                }
                // This refusal commits, since the end of the session must be saved.
                Err(refused) => {
                    tx.remove_session(session.user_id, session.id)?;
                    Ok::<_, Problem>(Err(Some((refused, session.id))))
                }
            }
        })
        .await?;
    match refreshed {
        Ok(session) => {
            Ok(Answer::ok(&SessionTokens::of(&app, &session, secret, now())?)?.into_response(None))
        }
        Err(why) => {
            if let Some((RefreshRefused::Reused, session)) = why {
                log::warn!("session.refresh_token_reused id={request_id} session={}", session.0);
            }
            Err(Problem::new(Code::TokenRevoked, "The refresh token is no longer valid; log in again.")
                .into())
        }
    }
}
