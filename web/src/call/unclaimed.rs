//! Claims unclaimed memberships. The first successful request of a person who was added to an organization with an
//! existing account reveals their account to the organization (R15).

use std::future::Future;

use application::clock::now;
use application::context::{SignedIn, require_effective};
use application::problem::Problem;
use application::tickets::index_requests::index_requests;
use orgs::OrgId;
use persistence::{Db, MemberCaller, Scope, Tx};
use users::UserId;

use super::meta::RequestMeta;
use crate::state::State;

/// A caller whose membership is unclaimed: the organization knows only the data that was sent for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct UnclaimedMembership {
    org: OrgId,
    user: UserId,
}

impl UnclaimedMembership {
    pub(super) fn of(caller: &MemberCaller) -> Option<Self> {
        caller.is_unclaimed.then_some(Self { org: caller.actor.org_id, user: caller.actor.user_id })
    }

    pub(super) fn claim(self, tx: &mut Tx<'_>) -> Result<(), Problem> {
        tx.enter(self.org)?;
        if tx.members(self.org).claim(self.user, now())?
            && let Some(account) = tx.account(self.user)?
        {
            index_requests(tx, &account, &[self.org])?;
        }
        Ok(())
    }
}

/// The unclaimed membership for operations that name an organization without requiring membership. None if the
/// membership is not effective.
pub(super) fn unclaimed_in(
    tx: &mut Tx<'_>,
    state: &State,
    meta: &RequestMeta,
    signed_in: &SignedIn,
) -> Result<Option<UnclaimedMembership>, Problem> {
    let Some(org) = meta.org else { return Ok(None) };
    let Some(member) = tx.member_caller(org, signed_in.user_id())? else { return Ok(None) };
    if require_effective(&member).is_err() {
        return Ok(None);
    }
    meta.count_for(state, org)?;
    Ok(UnclaimedMembership::of(&member))
}

/// Runs a read, then claims the membership in a separate write. The result is returned only after the claim.
pub(super) async fn claiming<T>(
    db: Db,
    scope: Scope,
    read: impl Future<Output = Result<(T, Option<UnclaimedMembership>), Problem>>,
) -> Result<T, Problem> {
    let (found, unclaimed) = read.await?;
    if let Some(unclaimed) = unclaimed {
        db.write(scope, move |tx| unclaimed.claim(tx)).await?;
    }
    Ok(found)
}
