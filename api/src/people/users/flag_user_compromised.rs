use actix_web::post;
use application::accounts::log_in_help::flag_compromised;
use application::accounts::managed_account::managed_account_on_platform;
use application::tickets::system_tickets::open_security_ticket;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::UserPath;
use crate::people::reason::ReasonBody;

/// An account that was flagged as compromised.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "security_ticket_ids": ["0198c1f2-b7a0-7c3f-8d5e-6f7081920a23"]}))]
pub(crate) struct CompromisedUser {
    user_id: Uuid,
    /// The critical requests that were opened: one in each organization that has a location and where the person is an active member.
    security_ticket_ids: Vec<Uuid>,
}

/// Flags an account as compromised and ends its sessions
///
/// All sessions end, the password stops working, and a link to choose a new one goes to the address on file. If that
/// is not the person's any more, suspend the account instead. A critical request is opened in the person's name, in each
/// organization that has a location and where the person is an active member.
/// Two-factor log-in stays as it is: if the intruder switched it on, `reset_user_two_factor` lets the person in again.
#[utoipa::path(tag = "users", params(UserPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("flag_compromised_users")),
        ("x-problem-codes" = json!(["invalid_transition"]))),
    responses((status = 200, description = "The account is flagged, and all its sessions are ended.", body = CompromisedUser)))]
#[post("/users/{user_id}/flag-compromised")]
pub(super) async fn flag_user_compromised(call: Call<UserPath, (), ReasonBody>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let managed = managed_account_on_platform(ctx, input.path.user_id())?;
        let managed = flag_compromised(ctx, &managed, &input.body.reason)?;
        let mut security_ticket_ids = Vec::new();
        let memberships = ctx.tx.memberships_of(managed.account.id, ctx.now)?;
        for membership in memberships.into_iter().filter(|membership| !membership.is_unclaimed) {
            let org = membership.org.id;
            ctx.tx.enter(org)?;
            let by = ctx.caller.user_id();
            let opened = open_security_ticket(ctx, &managed, org, by, &input.body.reason)?;
            security_ticket_ids.extend(opened.map(|id| id.0));
        }
        Answer::ok(&CompromisedUser { user_id: managed.account.id.0, security_ticket_ids })
    })
    .await
}
