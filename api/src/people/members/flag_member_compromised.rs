use actix_web::post;
use application::accounts::log_in_help::flag_compromised;
use application::accounts::managed_account::managed_account_in_org;
use application::tickets::system_tickets::open_security_ticket;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::MemberPath;
use crate::people::reason::ReasonBody;

/// A member's account that was flagged as compromised.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "security_ticket_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a23"}))]
pub(crate) struct CompromisedMember {
    user_id: Uuid,
    /// The critical request that was opened; null when the organization has no location yet, and so takes no requests.
    security_ticket_id: Option<Uuid>,
}

/// Flags a member's account as compromised and ends its sessions
///
/// All sessions end, the password stops working, and a link to choose a new one goes to the address on file. If that
/// is not the person's any more, suspend the account instead. A critical request is opened in the member's name. Only for an account that is the
/// organization's alone, else 409 `account_shared`.
/// Two-factor log-in stays as it is: if the intruder switched it on, `reset_member_two_factor` lets the person in again.
/// Returns 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath, IdempotencyKey), request_body = ReasonBody, extensions(("x-required-permission" = json!("flag_compromised_members")),
        ("x-problem-codes" = json!(["membership_unclaimed", "invalid_transition", "account_shared"]))),
    responses((status = 200, description = "The account is flagged, and all its sessions are ended.", body = CompromisedMember)))]
#[post("/orgs/{org_id}/members/{user_id}/flag-compromised")]
pub(super) async fn flag_member_compromised(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let managed = managed_account_in_org(ctx, input.path.user_id())?;
        let managed = flag_compromised(ctx, &managed, &input.body.reason)?;
        let (org, by) = (ctx.caller.org_id, ctx.caller.user_id);
        let opened = open_security_ticket(ctx, &managed, org, by, &input.body.reason)?;
        let security_ticket_id = opened.map(|id| id.0);
        Answer::ok(&CompromisedMember { user_id: managed.account.id.0, security_ticket_id })
    })
    .await
}
