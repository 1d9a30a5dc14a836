//! What becomes of a change that nobody decided in its seven days (S001-30).

use std::collections::BTreeSet;

use orgs::OrgId;
use persistence::Tx;
use roles::{Actor, Approval, ApprovalId};
use users::{Session, SessionId};

use crate::app::App;
use crate::call::Head;
use crate::clock::{new_id, now};
use crate::problem::{Code, Problem};
use crate::work::{SignedIn, Work, require_counting};

/// Makes a change that nobody denied, in the name of who asked for it and by their rights of today. All its rules are asked
/// again. Of several processes one does it.
pub(crate) fn settle(
    tx: &mut Tx<'_>,
    app: &App,
    (org, id): (Option<OrgId>, ApprovalId),
) -> Result<(), Problem> {
    org.map_or(Ok(()), |org| tx.enter(org))?;
    let Some(asked) = tx.approval(org, id)? else { return Ok(()) };
    let holders = tx.holders(org, asked.right())?;
    let mut silenced = BTreeSet::new();
    for holder in holders.current() {
        if !tx.account(holder.user)?.is_some_and(|account| account.as_of(now()).may_log_in()) {
            silenced.insert(holder.user);
        }
    }
    let Some(settled) = asked.settle(&holders, &silenced, now()) else { return Ok(()) };
    tx.save_approval(&settled)?;
    if settled.verdict.is_none() {
        return Ok(());
    }
    let head = Head::in_the_name_of(asked.requested_by, org);
    match org {
        Some(org) => {
            let actor = requester_in(tx, org, &settled)?;
            let mut work = Work::new(tx, app, &head, actor);
            work.note_approval("approval_given", &settled)?;
            work.carry_out(&settled)
        }
        None => {
            let session = Session::begin(SessionId(new_id()), asked.requested_by, None, None, now());
            let platform = tx.platform_permissions(asked.requested_by)?;
            let signed_in = SignedIn { session, platform, lacks_two_factor: false };
            let mut work = Work::new(tx, app, &head, signed_in);
            work.note_approval("approval_given", &settled)?;
            work.carry_out(&settled)
        }
    }
}

/// Ends a change that can no longer be made: it expires.
pub(crate) fn give_up(tx: &mut Tx<'_>, (org, id): (Option<OrgId>, ApprovalId)) -> Result<(), Problem> {
    org.map_or(Ok(()), |org| tx.enter(org))?;
    let Some(asked) = tx.approval(org, id)? else { return Ok(()) };
    Ok(tx.save_approval(&asked.given_up())?)
}

fn requester_in(tx: &mut Tx<'_>, org: OrgId, asked: &Approval) -> Result<Actor, Problem> {
    let gone = || Problem::new(Code::Forbidden, "The person who asked for it is no longer a member.");
    let caller = tx.member_caller(org, asked.requested_by)?.ok_or_else(gone)?;
    require_counting(&caller)?;
    caller.actor.require_all(asked.right().member_permissions())?;
    Ok(caller.actor)
}
