use std::collections::BTreeSet;

use actix_web::post;
use application::context::Context;
use application::members::membership_changes::save_joined_member;
use application::problem::Problem;
use orgs::LocationId;
use roles::{Admission, UnclaimedIdentity};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::RoleKeyValue;

use super::body::{
    MembershipRequestBody, MembershipRequestPath, Reader, find_membership_request, joining_status,
    save_decision,
};
use crate::people::members::{find_locations, role_keys};

/// The roles and locations of the new member.
#[derive(Default, Deserialize, ToSchema)]
#[schema(example = json!({"roles": ["community_member"], "reason": "Welcome!"}))]
pub(crate) struct ApproveMembershipRequest {
    /// Role keys, none with more rights than your own. Default: `community_member`.
    #[schema(min_items = 1, max_items = 20)]
    roles: Option<Vec<RoleKeyValue>>,
    /// The locations that the member may file requests for. Default: all active locations within your reach.
    #[schema(max_items = 500)]
    location_ids: Option<Vec<Uuid>>,
    /// The reason that the person reads.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    reason: Option<String>,
}

/// Approves a request to join
///
/// The person joins immediately and is notified by mail; a guest becomes a member. If the address of the account is no longer
/// proved, the membership is unclaimed until its owner proves it. You cannot decide on your own request, nor on an appeal of
/// their own refusal. Returns 409 if the request was decided. The body may be left out.
#[utoipa::path(tag = "membership_requests", params(MembershipRequestPath, IdempotencyKey), request_body = Option<ApproveMembershipRequest>,
    extensions(("x-required-permission" = json!("decide_membership_requests")),
        ("x-problem-codes" = json!(["already_exists", "invalid_transition", "reference_not_found"]))),
    responses((status = 200, description = "The approved request.", body = MembershipRequestBody)))]
#[post("/orgs/{org_id}/membership-requests/{membership_request_id}/approve")]
pub(super) async fn approve_membership_request(
    call: Call<MembershipRequestPath, (), Option<ApproveMembershipRequest>>,
) -> Reply {
    call.write(|ctx, input| {
        let (org, id) = (ctx.caller.org_id, input.path.membership_request_id);
        let none = ApproveMembershipRequest::default();
        let sent = input.body.as_ref().unwrap_or(&none);
        ctx.tx.members(org).lock_memberships()?;
        let request = find_membership_request(ctx, id)?.request;
        let standing = joining_status(ctx, org, request.user_id)?;
        let admission = Admission {
            roles: sent.roles.as_deref().map(role_keys).transpose()?,
            locations: locations_to_give(ctx, sent.location_ids.as_deref())?,
        };
        let known = ctx.tx.roles(org).all()?;
        let (decided, member, events) = request.approve(
            &ctx.caller,
            sent.reason.clone(),
            admission,
            standing.as_ref(),
            &known,
            ctx.now,
        )?;
        // Others may have entered the account since the request. The owner then claims the membership by proving the
        // address.
        let account = ctx.tx.account(request.user_id)?.ok_or_else(Problem::not_found)?;
        let unproved = standing.is_none() && !account.is_address_proved();
        let member = member.with_unclaimed(
            unproved.then_some(UnclaimedIdentity { email: account.email, name: account.name }),
        );
        save_decision(ctx, &decided)?;
        save_joined_member(ctx.tx, ctx.origin, org, &member, standing.as_ref())?;
        events.into_iter().for_each(|event| ctx.record(event));
        let named = find_membership_request(ctx, id)?;
        Answer::ok(&MembershipRequestBody::of(named, Reader::Reviewer(ctx.caller.user_id)))
    })
    .await
}

fn locations_to_give(
    ctx: &mut Context<'_, '_>,
    sent: Option<&[Uuid]>,
) -> Result<BTreeSet<LocationId>, Problem> {
    match sent {
        Some(ids) => find_locations(ctx, ids),
        None => Ok(ctx.caller.locations_to_give(ctx.tx.locations(ctx.caller.org_id).in_use()?)),
    }
}
