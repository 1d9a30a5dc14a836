use actix_web::post;
use application::members::membership_changes::record_membership;
use application::problem::Problem;
use application::problem_codes::Code;
use persistence::{Constraint, Member, StoreError};
use roles::{Membership, MembershipChange};
use serde::Deserialize;
use users::AccountEventKind;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IdempotencyKey;
use web::values::{RoleKeyValue, TicketReach};

use super::body::{MemberBody, audience, find_locations, role_keys};
use crate::organizations::orgs::{OrgPath, find_or_create_account};

/// A person to add to the organization.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"email": "sam@sunrise.example", "name": "Sam Field", "roles": ["rbt"], "location_ids": []}))]
pub(crate) struct CreateMember {
    /// The person's address. An existing account with it is reused, with its name.
    #[schema(
        max_length = 254,
        pattern = "^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$"
    )]
    email: String,
    /// The person's name. One line; `://`, `www.` and `@` are refused.
    #[schema(min_length = 1, max_length = 120, pattern = "<person_name>")]
    name: String,
    /// Role keys, none with more rights than your own.
    #[schema(min_items = 1, max_items = 20)]
    roles: Vec<RoleKeyValue>,
    /// The locations that the member may file requests for. Default: none.
    #[schema(max_items = 500)]
    location_ids: Option<Vec<Uuid>>,
    /// Which requests the member works on, if staff. Default: the same as yours. Never more than yours.
    ticket_scope: Option<TicketReach>,
}

/// Adds a member
///
/// A new address gets an account, and a mail with a link to set it up. An address that has an account already gets the
/// membership, and nothing is shown of the person that was not sent until they open the organization themselves. Until then
/// `account_status` is null, and operations on the account return 403 `membership_unclaimed`. People who do not get the mail
/// can be given a link by other means (`create_member_setup_link`).
#[utoipa::path(tag = "members", params(OrgPath, IdempotencyKey), request_body = CreateMember, extensions(("x-required-permission" = json!("manage_members")),
        ("x-problem-codes" = json!(["already_exists", "reference_not_found", "rule_violated"]))),
    responses((status = 201, description = "The new member.", body = MemberBody)))]
#[post("/orgs/{org_id}/members")]
pub(super) async fn create_member(call: Call<OrgPath, (), CreateMember>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let change = MembershipChange {
            roles: Some(role_keys(&input.body.roles)?),
            locations: Some(find_locations(ctx, input.body.location_ids.as_deref().unwrap_or_default())?),
            reach: input.body.ticket_scope.map(Into::into),
        };
        let roles = ctx.tx.roles(org).all()?;
        let added_person = find_or_create_account(ctx, org, "#", &input.body.email, &input.body.name)?;
        let (membership, event) =
            Membership::add(&ctx.caller, added_person.account.id, change, &roles, ctx.now)?;
        let membership = membership.with_unclaimed(added_person.unclaimed_identity);
        ctx.tx.members(org).add(&membership).map_err(already_a_member)?;
        ctx.record(event);
        record_membership(ctx, AccountEventKind::MemberAdded, (None, Some(&membership)), None)?;
        let member = Member { account: added_person.account, membership, is_home: added_person.is_home };
        let place = format!("/api/v1/orgs/{}/members/{}", org.0, member.account.id.0);
        Ok(Answer::created(place, &MemberBody::of(&member, ctx.now))?
            .tagged(member.membership.version, &audience(&member)))
    })
    .await
}

fn already_a_member(error: StoreError) -> Problem {
    match error {
        StoreError::Unique(Constraint::Membership) => {
            Problem::new(Code::AlreadyExists, "The person is already a member of this organization.")
        }
        other => other.into(),
    }
}
