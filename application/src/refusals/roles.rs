//! The problems for refusals of `domain/roles`.

use roles::{
    AccountAuthorityRefused, AddressUnproved, ApprovalRefused, BeyondReach, EndorsementRefused, Forbidden,
    JoinRefused, MembershipRefused, PermissionRequestRefused, PlatformRoleRefused, RoleChangeRefused,
    TransferRefused, ViewRefused,
};

use crate::problem::{Fault, Problem, sentence};
use crate::problem_codes::Code;

impl From<JoinRefused> for Problem {
    fn from(refused: JoinRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            JoinRefused::Forbidden(forbidden) => forbidden.into(),
            JoinRefused::InvitationOnly => Self::new(Code::InvitationOnly, detail),
            JoinRefused::NoGuests => Self::new(Code::NoGuests, detail),
            JoinRefused::OwnRequest | JoinRefused::SameReviewer => Self::new(Code::Forbidden, detail),
            JoinRefused::AlreadyMember(_) | JoinRefused::AlreadyPending => {
                Self::new(Code::AlreadyExists, detail)
            }
            JoinRefused::TooSoon(_) => Self::new(Code::Conflict, detail),
            JoinRefused::Decided | JoinRefused::NothingToAppeal | JoinRefused::NotWithdrawable => {
                Self::new(Code::InvalidTransition, detail)
            }
            JoinRefused::Admission(refused) => refused.into(),
        }
    }
}

impl From<ApprovalRefused> for Problem {
    fn from(refused: ApprovalRefused) -> Self {
        let code = match refused {
            ApprovalRefused::NoVote(_) => Code::VoteMissing,
            ApprovalRefused::OwnRequest
            | ApprovalRefused::OwnAccount
            | ApprovalRefused::NotAHolder
            | ApprovalRefused::NotApprovable
            | ApprovalRefused::Involved => Code::Forbidden,
            ApprovalRefused::Not(_) => Code::InvalidTransition,
        };
        Self::new(code, sentence(&refused))
    }
}

impl From<PermissionRequestRefused> for Problem {
    fn from(refused: PermissionRequestRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            PermissionRequestRefused::Forbidden(forbidden) => forbidden.into(),
            PermissionRequestRefused::OwnRequest => Self::new(Code::Forbidden, detail),
            PermissionRequestRefused::AlreadyHeld => Self::new(Code::Conflict, detail),
            PermissionRequestRefused::Decided => Self::new(Code::InvalidTransition, detail),
            PermissionRequestRefused::LocationsBeyondReach => Self::new(Code::Forbidden, detail),
            PermissionRequestRefused::RoleMissing => Self::rule("#/role", &refused),
            PermissionRequestRefused::Role(refused) => {
                let problem = Self::from(refused);
                problem.pointing_at("#/role")
            }
        }
    }
}

impl From<MembershipRefused> for Problem {
    fn from(refused: MembershipRefused) -> Self {
        let detail = sentence(&refused);
        match refused {
            MembershipRefused::Forbidden(forbidden) => forbidden.into(),
            MembershipRefused::UnknownRole(_) => Self::new(Code::ReferenceNotFound, detail.clone())
                .with_errors(vec![Fault::at("#/roles", "not_found", detail)]),
            MembershipRefused::AboveOwnPermissions => Self::new(Code::Forbidden, detail),
            MembershipRefused::LastOwner => Self::new(Code::LastOwner, detail),
            MembershipRefused::Suspended | MembershipRefused::NotSuspended => {
                Self::new(Code::InvalidTransition, detail)
            }
        }
    }
}

impl From<TransferRefused> for Problem {
    fn from(refused: TransferRefused) -> Self {
        match refused {
            TransferRefused::SameOrganization => Self::rule("#/to_org_id", &refused),
            TransferRefused::Owner => Self::new(Code::Conflict, sentence(&refused)),
            TransferRefused::UnknownRole(_) => Self::new(Code::ReferenceNotFound, sentence(&refused))
                .with_errors(vec![Fault::at("#/roles", "not_found", sentence(&refused))]),
            TransferRefused::StaffRole => Self::rule("#/roles", &refused),
            TransferRefused::Membership(refused) => refused.into(),
        }
    }
}

impl From<RoleChangeRefused> for Problem {
    fn from(refused: RoleChangeRefused) -> Self {
        match refused {
            RoleChangeRefused::Forbidden(forbidden) => forbidden.into(),
            RoleChangeRefused::OwnerIsFixed => Self::rule("#/permissions", &refused),
            RoleChangeRefused::Seeded | RoleChangeRefused::InUse => {
                Self::new(Code::Conflict, sentence(&refused))
            }
            RoleChangeRefused::AboveOwnPermissions => Self::new(Code::Forbidden, sentence(&refused)),
        }
    }
}

impl From<EndorsementRefused> for Problem {
    fn from(refused: EndorsementRefused) -> Self {
        let code = match refused {
            EndorsementRefused::NotAHolder => Code::NotFound,
            EndorsementRefused::NotMissing => Code::InvalidTransition,
            EndorsementRefused::NoVote => Code::VoteMissing,
            EndorsementRefused::Involved => Code::Forbidden,
        };
        Self::new(code, sentence(&refused))
    }
}

impl From<Forbidden> for Problem {
    fn from(forbidden: Forbidden) -> Self {
        Self::new(Code::Forbidden, sentence(&forbidden)).with_bad_credentials()
    }
}

impl From<BeyondReach> for Problem {
    fn from(refused: BeyondReach) -> Self {
        Self::new(Code::Forbidden, sentence(&refused))
    }
}

impl From<ViewRefused> for Problem {
    fn from(refused: ViewRefused) -> Self {
        match refused {
            ViewRefused::Forbidden(missing) => missing.into(),
            ViewRefused::AccountAuthority(refused) => refused.into(),
            ViewRefused::BeyondReach => Self::new(Code::Forbidden, sentence(&refused)),
            ViewRefused::CannotLogIn => Self::new(Code::MemberCannotLogIn, sentence(&refused)),
        }
    }
}

impl From<AccountAuthorityRefused> for Problem {
    fn from(refused: AccountAuthorityRefused) -> Self {
        let code = match refused {
            AccountAuthorityRefused::AboveOwnRights | AccountAuthorityRefused::OwnAccount => Code::Forbidden,
            AccountAuthorityRefused::Unclaimed => Code::MembershipUnclaimed,
            AccountAuthorityRefused::Shared => Code::AccountShared,
        };
        Self::new(code, sentence(&refused))
    }
}

impl From<PlatformRoleRefused> for Problem {
    fn from(refused: PlatformRoleRefused) -> Self {
        match refused {
            PlatformRoleRefused::AddressUnproved(unproved) => unproved.into(),
            PlatformRoleRefused::AboveOwnRights => Self::new(Code::Forbidden, sentence(&refused)),
            PlatformRoleRefused::NotActive => Self::new(Code::InvalidTransition, sentence(&refused)),
            PlatformRoleRefused::AlreadyHeld => Self::new(Code::Conflict, sentence(&refused)),
        }
    }
}

impl From<AddressUnproved> for Problem {
    fn from(refused: AddressUnproved) -> Self {
        Self::new(Code::AddressUnproved, sentence(&refused))
    }
}
