//! View-as sessions: staff see what a member sees, and cannot change anything (decision 18).

use persistence::MemberCaller;
use roles::require_viewable;
use users::{AccountEventKind, UserId};

use crate::accounts::managed_account::{ManagedAccount, managed_account_and_caller, managed_account_event};
use crate::bearer::{Bearer, Viewing};
use crate::context::{Context, new_id};
use crate::problem::Problem;

/// The member that the caller views as, if the caller may currently do so and the member can log in.
pub fn seen_by(ctx: &mut Context<'_, '_>, viewing: Viewing) -> Result<MemberCaller, Problem> {
    if viewing.org != ctx.caller.org_id {
        return Err(Problem::not_found());
    }
    Ok(require_view(ctx, viewing.viewed)?.1)
}

/// Issues a view-as token for a member. Records the access, visible to the member.
pub fn start_viewing(ctx: &mut Context<'_, '_>, member: UserId, reason: &str) -> Result<String, Problem> {
    let (managed, _) = require_view(ctx, member)?;
    ctx.tx.record_account(&managed_account_event(ctx, AccountEventKind::ViewedAs, &managed, Some(reason)))?;
    let bearer = Bearer {
        user_id: ctx.origin.actor()?,
        session_id: ctx.origin.session.ok_or_else(Problem::internal)?,
        viewing: Some(Viewing { org: ctx.caller.org_id, viewed: member }),
    };
    ctx.app.keys.sign(bearer, new_id(), ctx.now)
}

/// The member, if the caller may currently view as them.
fn require_view(
    ctx: &mut Context<'_, '_>,
    member: UserId,
) -> Result<(ManagedAccount, MemberCaller), Problem> {
    ctx.caller.may_view_as_members()?;
    let (managed, seen) = managed_account_and_caller(ctx, member)?;
    require_viewable(&managed.account, managed.authority, seen.counts(ctx.now), ctx.now)?;
    Ok((managed, seen))
}
