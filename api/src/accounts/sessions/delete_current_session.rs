use actix_web::delete;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

/// Logs out
#[utoipa::path(tag = "sessions", extensions(("x-open-to-restricted-sessions" = json!(true))), responses((status = 204, description = "The session is ended; its tokens are invalid.")))]
#[delete("/sessions/current")]
pub(super) async fn delete_current_session(call: Call) -> Reply {
    call.write_account(AccountScope::Own, |ctx, _| {
        ctx.tx.remove_session(ctx.caller.user_id(), ctx.caller.session.id)?;
        Ok(Answer::no_content())
    })
    .await
}
