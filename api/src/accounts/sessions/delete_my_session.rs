use actix_web::delete;
use application::problem::Problem;
use serde::Deserialize;
use users::SessionId;
use utoipa::IntoParams;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

/// Path parameters of a session.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SessionPath {
    /// The session.
    session_id: Uuid,
}

/// Ends one of your sessions
#[utoipa::path(tag = "sessions", params(SessionPath), responses((status = 204, description = "The session is ended.")))]
#[delete("/me/sessions/{session_id}")]
pub(super) async fn delete_my_session(call: Call<SessionPath>) -> Reply {
    call.write_account(AccountScope::Own, |ctx, input| {
        if ctx.tx.remove_session(ctx.caller.user_id(), SessionId(input.path.session_id))? {
            Ok(Answer::no_content())
        } else {
            Err(Problem::not_found())
        }
    })
    .await
}
