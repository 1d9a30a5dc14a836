use actix_web::post;
use application::account_events::account_event;
use application::accounts::managed_account::managed_account_on_platform;
use application::problem::Problem;
use application::problem_codes::Code;
use chrono::NaiveDate;
use persistence::StoreError;
use serde::Deserialize;
use users::AccountEventKind;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};

use super::body::UserPath;

/// Confirmation that legal counsel has agreed.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"approved_by": "Counsel Ada Grove", "approved_on": "2026-11-20", "reference": "LEGAL-2026-114"}))]
pub(crate) struct PurgeUser {
    /// Who agreed.
    #[schema(min_length = 1, max_length = 120, pattern = "<line>")]
    approved_by: String,
    /// On which day.
    approved_on: NaiveDate,
    /// Where that is written down.
    #[schema(min_length = 1, max_length = 200, pattern = "<line>")]
    reference: String,
}

/// Purges a deleted account
///
/// Irreversible, including its history. It is not found from then on; the rest of a long history is
/// removed within some seconds. Only a deleted account can be purged, and none that
/// requests, messages, files or other people's histories still reference: these must be retained (409
/// `records_retained`). The act and its approver are recorded in the history of the caller.
#[utoipa::path(tag = "users", params(UserPath), request_body = PurgeUser, extensions(("x-required-permission" = json!("purge_users")),
        ("x-problem-codes" = json!(["invalid_transition", "records_retained", "rule_violated"]))),
    responses((status = 204, description = "The account is purged.")))]
#[post("/users/{user_id}/purge")]
pub(super) async fn purge_user(call: Call<UserPath, (), PurgeUser>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let started = managed.account.start_purge(ctx.now)?;
        if input.body.approved_on > ctx.now.date_naive() {
            return Err(Problem::rule(
                "#/approved_on",
                &"the day of the agreement must not be in the future",
            ));
        }
        ctx.tx.start_purge(started).map_err(|error| match error {
            StoreError::Referenced => Problem::new(
                Code::RecordsRetained,
                "Requests, messages, files or histories reference the account and must be retained.",
            ),
            other => other.into(),
        })?;
        // The job `purges` continues the purge.
        ctx.tx.continue_purge(managed.account.id)?;
        let event = account_event(AccountEventKind::AccountPurged, ctx.caller.user_id(), ctx.origin)
            .changed("user_id", "", &managed.account.id.0.to_string())
            .changed("approved_by", "", &input.body.approved_by)
            .changed("approved_on", "", &input.body.approved_on.to_string())
            .changed("reference", "", &input.body.reference);
        ctx.tx.record_account(&event)?;
        Ok(Answer::no_content())
    })
    .await
}
