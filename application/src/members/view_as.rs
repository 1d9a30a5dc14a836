//! Looking with a member's eyes: staff see what he sees, and nothing can be done that way (decision 18).

use crate::bearer::{Bearer, Viewing};
use persistence::MemberCaller;
use roles::require_viewable;
use users::UserId;

use crate::accounts::managed_account::{ManagedAccount, managed_account_and_caller, managed_account_event};
use crate::context::{Context, new_id};
use crate::problem::Problem;

/// The caller as the member with whose eyes he looks, if both may do what they do at this moment.
pub fn seen_by(ctx: &mut Context<'_, '_>, viewing: Viewing) -> Result<MemberCaller, Problem> {
    if viewing.org != ctx.caller.org_id {
        return Err(Problem::not_found());
    }
    Ok(require_view(ctx, viewing.viewed)?.1)
}

/// A token to look with a member's eyes. That somebody does is kept, for the member to see.
pub fn start_viewing(ctx: &mut Context<'_, '_>, member: UserId, reason: &str) -> Result<String, Problem> {
    let (managed, _) = require_view(ctx, member)?;
    ctx.tx.record_account(&managed_account_event(ctx, "viewed_as", &managed, Some(reason)))?;
    let bearer = Bearer {
        user_id: ctx.origin.actor()?,
        session_id: ctx.origin.session.ok_or_else(Problem::internal)?,
        viewing: Some(Viewing { org: ctx.caller.org_id, viewed: member }),
    };
    ctx.app.keys.sign(bearer, new_id(), ctx.now)
}

/// The member, if the caller may look with his eyes at this moment.
fn require_view(
    ctx: &mut Context<'_, '_>,
    member: UserId,
) -> Result<(ManagedAccount, MemberCaller), Problem> {
    ctx.caller.may_view_as_members()?;
    let (managed, seen) = managed_account_and_caller(ctx, member)?;
    require_viewable(&managed.account, managed.authority, seen.counts(ctx.now), ctx.now)?;
    Ok((managed, seen))
}
