use actix_web::post;
use application::context::new_id;
use application::members::membership_changes::save_joined_member;
use application::notifications::pending_decisions::{DecisionKind, PendingDecision, notify_members};
use application::problem::Problem;
use persistence::{Constraint, StoreError};
use roles::{JoinRefused, MembershipRequest, MembershipRequestId, MembershipRequestStatus};
use serde::Deserialize;
use utoipa::ToSchema;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{
    MembershipRequestBody, Reader, find_my_membership_request, joining_status, last_request_to_join,
    org_to_join, require_proved_address,
};

/// The organization to join.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"org_slug": "meadow", "message": "I live around the corner."}))]
pub(crate) struct CreateMembershipRequest {
    /// The short name of the organization.
    #[schema(min_length = 2, max_length = 63, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    org_slug: String,
    /// What you say of yourself; reviewers read it.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    message: Option<String>,
}

/// Requests to join an organization
///
/// An open organization is joined immediately, as `community_member` for its current locations. With `by_request` a reviewer decides, and
/// you are notified by mail. Returns 403 `invitation_only` if the organization admits by invitation only. One request can be pending at a time; after a denial
/// the next is taken 30 days later. Requires a proved address.
#[utoipa::path(tag = "membership_requests", params(IdempotencyKey), request_body = CreateMembershipRequest, extensions(("x-problem-codes" = json!(["address_unproved", "already_exists", "conflict", "invitation_only", "reference_not_found"]))),
    responses(
    (status = 201, description = "The new request. Its `status` is `approved` if the organization is open.", body = MembershipRequestBody)))]
#[post("/me/membership-requests")]
pub(super) async fn create_membership_request(call: Call<(), (), CreateMembershipRequest>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let user = ctx.caller.user_id();
        require_proved_address(ctx)?;
        let org = org_to_join(ctx, &input.body.org_slug)?;
        ctx.tx.members(org.id).lock_memberships()?;
        let standing = joining_status(ctx, org.id, user)?;
        let last = last_request_to_join(ctx, org.id, user)?;
        let id = MembershipRequestId(new_id());
        let (request, event) = MembershipRequest::create(
            (id, org.id, user),
            input.body.message.clone(),
            org.joining_mode,
            standing.as_ref(),
            last.as_ref(),
            ctx.now,
        )?;
        ctx.tx.add_membership_request(&request).map_err(already_pending)?;
        ctx.record_in(org.id, user, event);
        if request.status() == MembershipRequestStatus::Approved {
            let locations = ctx.tx.locations(org.id).in_use()?;
            let (member, event) = request.open_membership(locations, standing.as_ref(), ctx.now)?;
            save_joined_member(ctx.tx, ctx.origin, org.id, &member, standing.as_ref())?;
            ctx.record_in(org.id, user, event);
        } else {
            let waiting =
                PendingDecision { kind: DecisionKind::MembershipRequest, id: id.0, org: Some(org.id) };
            notify_members(ctx.tx, waiting, ctx.now)?;
        }
        let named = find_my_membership_request(ctx, id.0)?;
        Answer::created(
            format!("/api/v1/me/membership-requests/{}", id.0),
            &MembershipRequestBody::of(named, Reader::Requester),
        )
    })
    .await
}

fn already_pending(error: StoreError) -> Problem {
    match error {
        StoreError::Unique(Constraint::OpenMembershipRequest) => JoinRefused::AlreadyPending.into(),
        other => other.into(),
    }
}
