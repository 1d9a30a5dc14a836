use application::clock::instant;
use chrono::{DateTime, Utc};
use roles::{Approval, CriticalChange, TakesEffect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The status of an approval.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ApprovalStatus {
    Pending,
    Approved,
    Denied,
    Expired,
}

/// What happens to a change that no one denies.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TakesEffect)]
pub(crate) enum TakesEffectValue {
    Immediately,
    AfterApproval,
    UnlessDenied,
}

impl From<TakesEffect> for TakesEffectValue {
    fn from(takes_effect: TakesEffect) -> Self {
        match takes_effect {
            TakesEffect::Immediately => Self::Immediately,
            TakesEffect::AfterApproval => Self::AfterApproval,
            TakesEffect::UnlessDenied => Self::UnlessDenied,
        }
    }
}

/// The kind of a critical change, which requires a second approver.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CriticalChangeKind {
    DeleteAccount,
    DemoteOwner,
    RemoveOwner,
    GrantPlatformRole,
    RemovePlatformOwner,
}

/// A critical change that was asked for.
#[derive(Serialize, ToSchema)]
#[schema(as = Approval, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a20", "kind": "remove_owner", "status": "pending",
    "org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "new_roles": null,
    "platform_role": null, "reason": "Left the clinic.", "requested_by": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1e",
    "requested_at": "2026-11-22T14:05:00.000000Z", "takes_effect": "after_approval", "expires_at": "2026-11-29T14:05:00.000000Z", "decided_by": null, "decided_at": null
}))]
pub(crate) struct ApprovalBody {
    id: Uuid,
    kind: CriticalChangeKind,
    status: ApprovalStatus,
    /// The organization in which it was asked for; null: the platform.
    org_id: Option<Uuid>,
    /// The user whose account or membership it changes.
    user_id: Uuid,
    /// The roles that an owner would have instead.
    new_roles: Option<Vec<String>>,
    /// The platform role that would be given.
    platform_role: Option<String>,
    /// The reason, in the requester's words.
    reason: String,
    requested_by: Uuid,
    #[schema(value_type = DateTime<Utc>)]
    requested_at: String,
    /// `immediately`: made, since no one else holds the right. `after_approval`: made when another approver with an effective vote
    /// approves it, otherwise it expires. `unless_denied`: no one else has an effective vote, so it is made at `expires_at`, unless
    /// the person whom it is about or any approver denies it before. It becomes `after_approval` and expires if then another
    /// vote is effective, one of them cannot log in, or it can no longer be made.
    takes_effect: TakesEffectValue,
    /// When the time to decide ends: seven days after the request.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
    /// Null while it is pending, and if no one denied it in time.
    decided_by: Option<Uuid>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    decided_at: Option<String>,
}

impl ApprovalBody {
    pub(crate) fn of(approval: &Approval, now: DateTime<Utc>) -> Self {
        let (kind, new_roles, platform_role) = match &approval.change {
            CriticalChange::DeleteAccount(_) => (CriticalChangeKind::DeleteAccount, None, None),
            CriticalChange::DemoteOwner(roles) => {
                let words = roles.iter().map(|key| key.as_str().to_owned()).collect();
                (CriticalChangeKind::DemoteOwner, Some(words), None)
            }
            CriticalChange::RemoveOwner => (CriticalChangeKind::RemoveOwner, None, None),
            CriticalChange::RemovePlatformOwner => (CriticalChangeKind::RemovePlatformOwner, None, None),
            CriticalChange::GrantPlatformRole(role) => {
                (CriticalChangeKind::GrantPlatformRole, None, Some(role.as_str().to_owned()))
            }
        };
        Self {
            id: approval.id.0,
            kind,
            status: match approval.status(now) {
                roles::ApprovalStatus::Pending => ApprovalStatus::Pending,
                roles::ApprovalStatus::Approved => ApprovalStatus::Approved,
                roles::ApprovalStatus::Denied => ApprovalStatus::Denied,
                roles::ApprovalStatus::Expired => ApprovalStatus::Expired,
            },
            org_id: approval.org.map(|org| org.0),
            user_id: approval.subject.0,
            new_roles,
            platform_role,
            reason: approval.reason.clone(),
            requested_by: approval.requested_by.0,
            requested_at: instant(approval.requested_at),
            takes_effect: approval.takes_effect.into(),
            expires_at: instant(approval.expires_at),
            decided_by: approval.verdict.and_then(|v| v.by).map(|by| by.0),
            decided_at: approval.verdict.map(|v| instant(v.at)),
        }
    }
}
