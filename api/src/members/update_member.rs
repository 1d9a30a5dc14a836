use actix_web::patch;
use roles::{Membership, MembershipChange};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::{MemberBody, MemberPath, audience};
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IfMatch;
use crate::words::{RoleKeyWord, TicketReach};
use crate::work::Work;

/// What changes of a membership.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"roles": ["bcba"]}))]
pub(crate) struct UpdateMember {
    /// All roles from now on; none above one's own rights.
    #[schema(min_items = 1, max_items = 20, nullable = false)]
    roles: Option<Vec<RoleKeyWord>>,
    /// All locations from now on.
    #[schema(max_items = 500, nullable = false)]
    location_ids: Option<Vec<Uuid>>,
    #[schema(nullable = false)]
    ticket_scope: Option<TicketReach>,
    /// Suspends the member in this organization, or lifts that.
    #[schema(nullable = false)]
    is_active: Option<bool>,
}

/// Changes what a member is and may do
///
/// It counts at the member's next request. The last active owner can be neither demoted nor suspended. A person's name is
/// the person's own to change.
#[utoipa::path(tag = "members", params(MemberPath, IfMatch), request_body(content = UpdateMember, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_members"))), responses((status = 200, description = "The member as it is now.", body = MemberBody)))]
#[patch("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn update_member(call: Call<MemberPath, (), UpdateMember>) -> Reply {
    call.write(|work, input| {
        let org = work.who.org_id;
        work.tx.members(org).one_at_a_time()?;
        let mut member = work.member(input.path.user_id())?;
        work.require_match(member.membership.version, &audience(&member))?;
        let change = MembershipChange {
            roles: input.body.roles.as_deref().map(Work::role_keys).transpose()?,
            locations: input.body.location_ids.as_deref().map(|ids| work.known_locations(ids)).transpose()?,
            reach: input.body.ticket_scope.map(Into::into),
            is_active: input.body.is_active,
        };
        let roles = work.tx.roles(org).all()?;
        let others = work.tx.members(org).other_owners(member.account.id)?;
        if let Some((changed, event)) =
            member.membership.update(&work.who, change, &roles, others, work.now)?
        {
            work.tx.members(org).save(&changed)?;
            work.record(event);
            member.membership = Membership { version: changed.version + 1, ..changed };
        }
        Ok(Answer::ok(&MemberBody::from(&member))?.tagged(member.membership.version, &audience(&member)))
    })
    .await
}
