use thiserror::Error;

use crate::{Forbidden, RoleKey};

/// Why a membership is not changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MembershipRefused {
    /// The actor lacks a permission.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The organization has no such role.
    #[error("there is no role `{}`", .0.as_str())]
    UnknownRole(RoleKey),
    /// The roles, locations or reach, or those of the member, exceed the actor's own.
    #[error(
        "you cannot grant roles, locations or a ticket scope beyond your own rights, or change a member who has more rights"
    )]
    AboveOwnPermissions,
    /// The organization would have no active owner left (S003-11).
    #[error("the last owner cannot be removed")]
    LastOwner,
    /// The member is suspended already.
    #[error("the member is suspended already")]
    Suspended,
    /// The member is not suspended.
    #[error("the member is not suspended")]
    NotSuspended,
}
