use chrono::{DateTime, Utc};
use orgs::OrgId;
use roles::{ApprovalRight, Holder, Vote};
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::answer::Answer;
use crate::problem::Problem;
use crate::words::instant;
use crate::work::Work;

/// Which approver of the platform.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ApproverPath {
    /// The user id of the approver.
    pub(super) user_id: Uuid,
}

/// Which approver of an organization.
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
pub(crate) enum ApprovalRightWord {
    DeleteMemberAccounts,
    ChangeOwners,
    DeleteUsers,
    GrantPlatformRoles,
}

impl From<ApprovalRight> for ApprovalRightWord {
    fn from(right: ApprovalRight) -> Self {
        match right {
            ApprovalRight::DeleteMemberAccounts => Self::DeleteMemberAccounts,
            ApprovalRight::ChangeOwners => Self::ChangeOwners,
            ApprovalRight::DeleteUsers => Self::DeleteUsers,
            ApprovalRight::GrantPlatformRoles => Self::GrantPlatformRoles,
        }
    }
}

/// What a vote is worth.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Vote)]
pub(crate) enum VoteWord {
    Effective,
    Starting,
    Suspended,
}

impl From<Vote> for VoteWord {
    fn from(vote: Vote) -> Self {
        match vote {
            Vote::Effective => Self::Effective,
            Vote::Starting { .. } => Self::Starting,
            Vote::Suspended => Self::Suspended,
        }
    }
}

/// Somebody who holds a right to approve critical changes.
#[derive(Serialize, ToSchema)]
#[schema(as = Approver, example = json!({
    "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "approval_right": "change_owners", "vote": "starting",
    "held_since": "2026-11-22T14:05:00.000000Z", "vote_starts_at": "2026-11-29T14:05:00.000000Z"
}))]
pub(crate) struct ApproverBody {
    user_id: Uuid,
    approval_right: ApprovalRightWord,
    /// `effective`: can approve. `starting`: the right is new. `suspended`: others may have entered the account; the vote comes
    /// back when its owner uses a link mailed to an address proved before, or when another approver restores it. Approvers can
    /// deny whatever their vote is worth.
    vote: VoteWord,
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

/// All approvers.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApproverList {
    /// One item per person and right, by right and then by user id.
    data: Vec<ApproverBody>,
}

impl<W> Work<'_, '_, W> {
    /// The approvers of an organization, or of the platform.
    pub(super) fn show_approvers(&mut self, org: Option<OrgId>) -> Result<Answer, Problem> {
        let mut data = Vec::new();
        for right in ApprovalRight::of(org) {
            let holders = self.tx.holders(org, right)?;
            let mut current: Vec<&Holder> = holders.current().collect();
            current.sort_by_key(|holder| holder.user);
            data.extend(current.into_iter().map(|holder| ApproverBody::of(right, holder, self.now)));
        }
        Answer::ok(&ApproverList { data })
    }

    /// Restores the vote of an approver by the word of the caller, and answers with nothing.
    pub(super) fn restore_vote_of(
        &mut self,
        org: Option<OrgId>,
        user: Uuid,
        reason: &str,
    ) -> Result<Answer, Problem> {
        self.restore_vote(org, UserId(user), reason)?;
        Ok(Answer::no_content())
    }
}
