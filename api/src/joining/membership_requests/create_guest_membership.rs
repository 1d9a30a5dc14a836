use actix_web::post;
use application::members::membership_changes::save_joined_member;
use roles::Membership;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{AccountScope, Call, Reply};
use web::openapi::parameters::IdempotencyKey;

use super::body::{joining_status, org_to_join, require_proved_address};

/// The organization to join as a guest.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"org_slug": "meadow"}))]
pub(crate) struct CreateGuestMembership {
    /// The short name of the organization.
    #[schema(min_length = 2, max_length = 63, pattern = "^[a-z0-9]+(-[a-z0-9]+)*$")]
    org_slug: String,
}

/// What a guest may use.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "org_name": "Meadow Community", "roles": ["guest"]}))]
pub(crate) struct GuestMembership {
    org_id: Uuid,
    org_name: String,
    roles: Vec<String>,
}

/// Joins an organization as a guest to file requests
///
/// Returns `no_guests` unless `ticket_openers` is `anyone`. A guest files and follows their own requests, for the locations
/// that there are when they become one, and may still ask to join. Requires a proved address.
#[utoipa::path(tag = "membership_requests", params(IdempotencyKey), request_body = CreateGuestMembership,
    extensions(("x-problem-codes" = json!(["no_guests", "address_unproved", "already_exists", "reference_not_found"]))),
    responses((status = 201, description = "The guest membership.", body = GuestMembership)))]
#[post("/me/guest-memberships")]
pub(super) async fn create_guest_membership(call: Call<(), (), CreateGuestMembership>) -> Reply {
    call.write_account(AccountScope::Platform, |ctx, input| {
        let user = ctx.caller.user_id();
        require_proved_address(ctx)?;
        let org = org_to_join(ctx, &input.body.org_slug)?;
        ctx.tx.members(org.id).lock_memberships()?;
        let standing = joining_status(ctx, org.id, user)?;
        let locations = ctx.tx.locations(org.id).in_use()?;
        let (guest, event) =
            Membership::of_guest(standing.as_ref(), user, org.ticket_openers, locations, ctx.now)?;
        save_joined_member(ctx.tx, ctx.origin, org.id, &guest, None)?;
        ctx.record_in(org.id, user, event);
        let roles = guest.roles.iter().map(|key| key.as_str().to_owned()).collect();
        let body = GuestMembership { org_id: org.id.0, org_name: org.name.as_str().to_owned(), roles };
        Answer::created(format!("/api/v1/orgs/{}", org.id.0), &body)
    })
    .await
}
