use std::collections::BTreeMap;

use application::approvals::votes::restore_vote;
use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use chrono::{DateTime, Utc};
use orgs::OrgId;
use persistence::Page;
use roles::{ApprovalRight, Holder, Vote};
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::Answer;
use web::paging::{List, Total};

/// Path parameters of an approver of the platform.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ApproverPath {
    /// The user id of the approver.
    pub(super) user_id: Uuid,
}

/// Path parameters of an approver of an organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrgApproverPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The user id of the approver.
    pub(super) user_id: Uuid,
}

/// A right to approve critical changes.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ApprovalRight)]
pub(crate) enum ApprovalRightValue {
    DeleteMemberAccounts,
    ChangeOwners,
    DeleteUsers,
    GrantPlatformRoles,
}

impl From<ApprovalRight> for ApprovalRightValue {
    fn from(right: ApprovalRight) -> Self {
        match right {
            ApprovalRight::DeleteMemberAccounts => Self::DeleteMemberAccounts,
            ApprovalRight::ChangeOwners => Self::ChangeOwners,
            ApprovalRight::DeleteUsers => Self::DeleteUsers,
            ApprovalRight::GrantPlatformRoles => Self::GrantPlatformRoles,
        }
    }
}

/// The state of a vote.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Vote)]
pub(crate) enum VoteValue {
    Effective,
    Starting,
    Suspended,
}

impl From<Vote> for VoteValue {
    fn from(vote: Vote) -> Self {
        match vote {
            Vote::Effective => Self::Effective,
            Vote::Starting { .. } => Self::Starting,
            Vote::Suspended => Self::Suspended,
        }
    }
}

/// A holder of a right to approve critical changes.
#[derive(Serialize, ToSchema)]
#[schema(as = Approver, example = json!({
    "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "approval_right": "change_owners", "vote": "starting",
    "held_since": "2026-11-22T14:05:00.000000Z", "vote_starts_at": "2026-11-29T14:05:00.000000Z"
}))]
pub(crate) struct ApproverBody {
    user_id: Uuid,
    approval_right: ApprovalRightValue,
    /// `effective`: can approve. `starting`: the right is new. `suspended`: others may have entered the account; the vote comes
    /// back when its owner uses a link mailed to an address proved before, or when another approver restores it. Approvers can
    /// deny whatever their vote is worth.
    vote: VoteValue,
    #[schema(value_type = DateTime<Utc>)]
    held_since: String,
    /// When the vote of a new holder starts: seven days after they got the right, or at once.
    #[schema(value_type = DateTime<Utc>)]
    vote_starts_at: String,
}

impl ApproverBody {
    fn of(right: ApprovalRight, holder: &Holder, now: DateTime<Utc>) -> Self {
        Self {
            user_id: holder.user.0,
            approval_right: right.into(),
            vote: holder.vote(now).into(),
            held_since: instant(holder.held_since),
            vote_starts_at: instant(holder.vote_starts_at),
        }
    }
}

/// A page of approvers: one item per person and right.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApproverPage {
    data: Vec<ApproverBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// The position of a holder in the list.
type Position = (ApprovalRight, UserId);

fn written((right, user): &Position) -> String {
    format!("{} {}", right.as_str(), user.0)
}

fn read(cursor: &str) -> Option<Position> {
    let (right, user) = cursor.split_once(' ')?;
    Some((ApprovalRight::parse(right)?, UserId(user.parse().ok()?)))
}

/// One more than the page shows, to detect a next page.
fn rows_of<K>(page: &Page<K>) -> usize {
    usize::try_from(page.limit + 1).unwrap_or(usize::MAX)
}

/// The approvers of an organization, or of the platform, by right and then by user id.
pub(super) fn show_approvers<W>(
    ctx: &mut Context<'_, '_, W>,
    list: &List,
    org: Option<OrgId>,
) -> Result<Answer, Problem> {
    let page = list.page_of(read)?;
    let mut all = BTreeMap::new();
    for right in ApprovalRight::of(org) {
        let holders = ctx.tx.holders(org, right)?;
        all.extend(holders.current().map(|holder| ((right, holder.user), holder.clone())));
    }
    let rest = all.into_iter().filter(|(at, _)| page.after.is_none_or(|after| *at > after));
    let rows: Vec<(Position, Holder)> = rest.take(rows_of(&page)).collect();
    let now = ctx.now;
    list.page(
        &page,
        rows,
        |(at, _)| written(at),
        |rows, next_cursor| {
            let data =
                rows.iter().map(|((right, _), holder)| ApproverBody::of(*right, holder, now)).collect();
            Ok(ApproverPage { data, next_cursor, total: None })
        },
    )
}

/// Restores the vote of an approver, vouched for by the caller. Returns an empty response.
pub(super) fn restore_vote_of<W>(
    ctx: &mut Context<'_, '_, W>,
    org: Option<OrgId>,
    user: Uuid,
    reason: &str,
) -> Result<Answer, Problem> {
    restore_vote(ctx, org, UserId(user), reason)?;
    Ok(Answer::no_content())
}
