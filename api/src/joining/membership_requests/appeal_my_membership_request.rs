use actix_web::post;
use application::notifications::pending_decisions::{DecisionKind, PendingDecision, notify_members};
use application::problem::Problem;
use application::problem_codes::Code;
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{
    MembershipRequestBody, MyMembershipRequestPath, Reader, find_my_membership_request, joining_status,
    last_request_to_join,
};

/// Why a person appeals a denial.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"text": "I help out at your Saturday group since May."}))]
pub(crate) struct AppealMembershipRequest {
    /// What you say to it; reviewers read it.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    text: String,
}

/// Appeals the denial of your request to join
///
/// Possible once, for your latest request to that organization. Another reviewer than the one who denied it decides.
#[utoipa::path(tag = "membership_requests", params(MyMembershipRequestPath, IdempotencyKey), request_body = AppealMembershipRequest,
    extensions(("x-problem-codes" = json!(["already_exists", "invalid_transition", "organization_inactive"]))),
    responses((status = 200, description = "The request, with its appeal pending.", body = MembershipRequestBody)))]
#[post("/me/membership-requests/{membership_request_id}/appeal")]
pub(super) async fn appeal_my_membership_request(
    call: Call<MyMembershipRequestPath, (), AppealMembershipRequest>,
) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let id = input.path.membership_request_id;
        let request = find_my_membership_request(ctx, id)?.request;
        let (org, user) = (request.org_id, request.user_id);
        ctx.tx.enter(org)?;
        if ctx.tx.org(org)?.is_none_or(|org| !org.is_active) {
            return Err(Problem::new(Code::OrganizationInactive, "This organization is inactive."));
        }
        ctx.tx.members(org).lock_memberships()?;
        let standing = joining_status(ctx, org, user)?;
        let latest = last_request_to_join(ctx, org, user)?.map_or(request.id, |latest| latest.id);
        let text = input.body.text.clone();
        let (appealed, event) = request.appeal(text, latest, standing.as_ref(), ctx.now)?;
        ctx.tx.save_membership_request(&appealed)?;
        ctx.record_in(appealed.org_id, appealed.user_id, event);
        notify_members(ctx.tx, PendingDecision { kind: DecisionKind::Appeal, id, org: Some(org) }, ctx.now)?;
        let named = find_my_membership_request(ctx, id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Requester))
    })
    .await
}
