use actix_web::post;
use application::accounts::deletion::{plan_deletion, require_notice};
use application::accounts::managed_account::managed_account_on_platform;
use application::accounts::new_password::require_current;
use application::approvals::votes::require_own_vote_to_give_up;
use application::clock::instant;
use application::problem::Problem;
use serde::{Deserialize, Serialize};
use users::{DeletionRequest, IdentityMethod};
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

/// The deletion of your own account.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"current_password": "the password until today", "retention_notice_version": 1, "is_confirmed": true}))]
pub(crate) struct ScheduleMyDeletion {
    /// Your current password.
    #[schema(min_length = 1, max_length = 128)]
    current_password: String,
    /// The version of the notice that you read (`get_retention_notice`): the one that applies.
    #[schema(minimum = 1, maximum = 1000000)]
    retention_notice_version: i32,
    /// Must be true: confirms the deletion.
    is_confirmed: bool,
}

/// A deletion that will be carried out unless it is cancelled.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"due_at": "2026-12-22T14:05:00.000000Z"}))]
pub(crate) struct ScheduledDeletion {
    /// When the account is deleted.
    #[schema(value_type = DateTime<Utc>)]
    due_at: String,
}

/// Schedules the deletion of your account
///
/// All sessions end immediately. A mail states the day and has a link to cancel until then. The last owner of an
/// organization cannot leave like that, nor can an approver of critical changes whose account others may have entered
/// (`list_approvers`).
#[utoipa::path(tag = "accounts", request_body = ScheduleMyDeletion, extensions(("x-problem-codes" = json!(["vote_missing", "last_owner", "rule_violated", "too_many_attempts"]))),
    responses((status = 202, description = "The deletion is scheduled.", body = ScheduledDeletion)))]
#[post("/me/schedule-deletion")]
pub(super) async fn schedule_my_deletion(call: Call<(), (), ScheduleMyDeletion>) -> Reply {
    let call = call.signed_in().await?;
    let input = call.input()?;
    let user = call.meta.origin.actor()?;
    require_notice(input.body.retention_notice_version, input.body.is_confirmed)?;
    require_current(&call.app, &call.meta.origin, &input.body.current_password, "#/current_password").await?;
    call.write_account(AccountScope::Platform, move |ctx, input| {
        let managed = managed_account_on_platform(ctx, user)?;
        require_own_vote_to_give_up(ctx, user)?;
        let request = DeletionRequest {
            method: IdentityMethod::Password,
            verified_by: user,
            verified_at: ctx.now,
            notice_version: input.body.retention_notice_version,
        };
        plan_deletion(ctx, &managed, &request, "Requested by the owner of the account.")?;
        let planned = ctx.tx.account(user)?.and_then(|account| account.deletion);
        let due_at = instant(planned.ok_or_else(Problem::internal)?.due_at);
        Answer::accepted(&ScheduledDeletion { due_at })
    })
    .await
}
