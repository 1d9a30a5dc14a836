use actix_web::patch;
use application::approvals::critical::in_organization::may_remove_owner_alone;
use application::approvals::critical::request_approval;
use application::members::membership_changes::{notify_roles, record_membership};
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use roles::{CriticalChange, Membership, MembershipChange};
use serde::Deserialize;
use users::AccountEventKind;
use utoipa::ToSchema;
use uuid::Uuid;
use web::answer::Answer;
use web::call::{Call, Reply};
use web::openapi::parameters::IfMatch;
use web::values::{RoleKeyValue, TicketReach};

use super::body::{MemberBody, MemberPath, audience, find_locations, find_member, role_keys};
use crate::people::approvals::approval::ApprovalBody;

/// Changes of a membership.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"roles": ["bcba"]}))]
pub(crate) struct UpdateMember {
    /// All roles from now on, none with more rights than your own.
    #[schema(min_items = 1, max_items = 20, nullable = false)]
    roles: Option<Vec<RoleKeyValue>>,
    /// All locations from now on.
    #[schema(max_items = 500, nullable = false)]
    location_ids: Option<Vec<Uuid>>,
    /// Which requests the member works on, if staff; none that you don't.
    #[schema(nullable = false)]
    ticket_scope: Option<TicketReach>,
    /// The reason, recorded in the person's history. Required when an owner loses that role.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>", nullable = false)]
    reason: Option<String>,
}

/// Changes a member's roles, locations or ticket scope
///
/// It takes effect at the member's next request. An owner who loses the role keeps it until another owner has
/// agreed (`approve_org_change`), or for seven days if no one else has an effective vote (`takes_effect`). Until the vote of a new
/// owner starts, one owner changes them alone. The last active owner stays one in any case. `suspend_member` suspends a
/// member, and `correct_member_account` corrects the account.
#[utoipa::path(tag = "members", params(MemberPath, IfMatch), request_body(content = UpdateMember, content_type = "application/merge-patch+json"),
    extensions(("x-required-permission" = json!("manage_members")),
        ("x-problem-codes" = json!(["already_exists", "last_owner", "reference_not_found", "rule_violated"]))), responses(
        (status = 200, description = "The updated member.", body = MemberBody),
        (status = 202, description = "Demoting an owner requires approval: the pending change.", body = ApprovalBody),
    ))]
#[patch("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn update_member(call: Call<MemberPath, (), UpdateMember>) -> Reply {
    call.write(|ctx, input| {
        let org = ctx.caller.org_id;
        ctx.tx.members(org).lock_memberships()?;
        let mut member = find_member(ctx, input.path.user_id())?;
        input.meta.require_match(member.membership.version, &audience(&member))?;
        let change = MembershipChange {
            roles: input.body.roles.as_deref().map(role_keys).transpose()?,
            locations: input.body.location_ids.as_deref().map(|ids| find_locations(ctx, ids)).transpose()?,
            reach: input.body.ticket_scope.map(Into::into),
        };
        let roles = ctx.tx.roles(org).all()?;
        let others = ctx.tx.members(org).other_owners(member.account.id)?;
        let changed = member.membership.update(&ctx.caller, change.clone(), &roles, others, ctx.now)?;
        if let (Some((changed, _)), Some(keys)) = (&changed, &change.roles)
            && member.membership.is_owner()
            && !changed.is_owner()
            && !may_remove_owner_alone(ctx, member.account.id)?
        {
            if input.body.location_ids.is_some() || input.body.ticket_scope.is_some() {
                return Err(Problem::rule(
                    "#/roles",
                    &"a role change of an owner requires approval and must be the only change",
                ));
            }
            let reason = reason_of(input.body.reason.as_deref())?;
            let change = CriticalChange::DemoteOwner(keys.clone());
            let approval = request_approval(ctx, change, member.account.id, Some(org), &reason)?;
            return Answer::accepted(&ApprovalBody::of(&approval, ctx.now));
        }
        if let Some((changed, event)) = changed {
            ctx.tx.members(org).save(&changed)?;
            ctx.record(event);
            let (before, why) = (&member.membership, input.body.reason.as_deref());
            record_membership(ctx, AccountEventKind::MemberUpdated, (Some(before), Some(&changed)), why)?;
            if changed.roles != member.membership.roles {
                notify_roles(ctx, &member.account, &changed, &roles)?;
            }
            member.membership = Membership { version: changed.version + 1, ..changed };
        }
        Ok(Answer::ok(&MemberBody::of(&member, ctx.now))?
            .tagged(member.membership.version, &audience(&member)))
    })
    .await
}

/// The reason, which a critical change requires.
fn reason_of(sent: Option<&str>) -> Result<String, Problem> {
    let missing = || {
        let detail = "A reason is required to remove the role of an owner.";
        Problem::new(Code::RuleViolated, detail).with_errors(vec![Fault::at("#/reason", "required", detail)])
    };
    sent.map(str::to_owned).ok_or_else(missing)
}
