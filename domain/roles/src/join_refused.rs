use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::{Forbidden, Membership, MembershipRefused, is_guest};

/// The person is a member of the organization already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the person is already a member of this organization")]
pub struct AlreadyMember;

/// Requires that somebody with this membership, or without one, may join. Guests may, since they are not
/// members; suspended guests may not, or joining would lift the suspension.
pub fn require_may_join(standing: Option<&Membership>) -> Result<(), AlreadyMember> {
    match standing {
        Some(member) if !is_guest(&member.roles) || !member.is_active() => Err(AlreadyMember),
        _ => Ok(()),
    }
}

/// Why a request is refused, or not decided.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum JoinRefused {
    /// The reviewer lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The organization takes no requests to join (S000-20).
    #[error("joining this organization requires an invitation; ask a member to invite you")]
    InvitationOnly,
    /// The organization admits no guests (S002-22).
    #[error("only members can open requests here; ask to join")]
    NoGuests,
    /// The requester is a member already.
    #[error(transparent)]
    AlreadyMember(#[from] AlreadyMember),
    /// Another request is pending.
    #[error("a request to join is already pending")]
    AlreadyPending,
    /// The last denial is less than [`JOIN_COOLDOWN_DAYS`] ago; when the requester may ask again.
    #[error("the last request was denied less than {JOIN_COOLDOWN_DAYS} days ago; appeal, or ask again after {}", .0.format("%Y-%m-%d"))]
    TooSoon(DateTime<Utc>),
    /// Reviewers do not decide on their own request.
    #[error("you cannot decide on your own request")]
    OwnRequest,
    /// The reviewer who denied the request does not decide on the appeal (S000-21).
    #[error("the reviewer who denied the request cannot decide on the appeal")]
    SameReviewer,
    /// The request is decided.
    #[error("the request has already been decided")]
    Decided,
    /// Only the latest denial can be appealed, and only once.
    #[error("only the latest request can be appealed, if it was denied, and only once")]
    NothingToAppeal,
    /// A request that was decided or denied cannot be withdrawn.
    #[error("only a pending request can be withdrawn")]
    NotWithdrawable,
    /// An unknown role, more permissions than the reviewer's own, or a location beyond their reach.
    #[error(transparent)]
    Admission(MembershipRefused),
}

/// Days after a denial before the same person may ask again.
pub const JOIN_COOLDOWN_DAYS: i64 = 30;
