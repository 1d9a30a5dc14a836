use actix_web::get;
use application::accounts::deletion::grace_days_of;
use serde::Serialize;
use users::RETENTION_NOTICE;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

/// What stays when an account is deleted, and for how long a deletion can be cancelled.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"version": 1, "text": "When the grace period ends, your name, address, profile and log-ins are removed.", "grace_days": 30}))]
pub(crate) struct RetentionNotice {
    /// The terms of a scheduled deletion.
    version: i32,
    text: String,
    /// Days between scheduling and deletion, as set by the organization that manages your account, otherwise by the platform.
    grace_days: i32,
}

/// Reads the retention notice that applies
#[utoipa::path(tag = "accounts", responses((status = 200, description = "The retention notice.", body = RetentionNotice)))]
#[get("/retention-notice")]
pub(super) async fn get_retention_notice(call: Call) -> Reply {
    call.read_account(AccountScope::Own, |ctx, _| {
        let grace_days = grace_days_of(ctx, ctx.caller.user_id())?;
        let (version, text) = (RETENTION_NOTICE.version, RETENTION_NOTICE.text.to_owned());
        Answer::ok(&RetentionNotice { version, text, grace_days })
    })
    .await
}
