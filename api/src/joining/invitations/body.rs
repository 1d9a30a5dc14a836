use std::collections::BTreeMap;

use ::mail::Delivery;
use application::clock::instant;
use chrono::{DateTime, Utc};
use invitations::{Decision, InvitationStatus, Offer, is_unusual};
use persistence::InvitedBy;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::content_digest;
use web::values::{EmailValue, LocaleValue, RoleKeyValue};

use crate::people::users::PlatformRoleKey;

/// Path parameters of an invitation to the platform.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct InvitationPath {
    /// The invitation.
    pub(super) invitation_id: Uuid,
}

/// Path parameters of an invitation to an organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrgInvitationPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The invitation.
    pub(super) invitation_id: Uuid,
}

/// The status of an invitation. `pending` can be accepted, now or from its first day on; `suspended` cannot, because its
/// inviter is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InvitationStatus)]
pub(crate) enum InvitationStatusKey {
    Pending,
    Suspended,
    Expired,
    Accepted,
    Declined,
    Revoked,
}

impl From<InvitationStatus> for InvitationStatusKey {
    fn from(status: InvitationStatus) -> Self {
        match status {
            InvitationStatus::Pending => Self::Pending,
            InvitationStatus::Suspended => Self::Suspended,
            InvitationStatus::Expired => Self::Expired,
            InvitationStatus::Accepted => Self::Accepted,
            InvitationStatus::Declined => Self::Declined,
            InvitationStatus::Revoked => Self::Revoked,
        }
    }
}

impl From<InvitationStatusKey> for InvitationStatus {
    fn from(key: InvitationStatusKey) -> Self {
        match key {
            InvitationStatusKey::Pending => Self::Pending,
            InvitationStatusKey::Suspended => Self::Suspended,
            InvitationStatusKey::Expired => Self::Expired,
            InvitationStatusKey::Accepted => Self::Accepted,
            InvitationStatusKey::Declined => Self::Declined,
            InvitationStatusKey::Revoked => Self::Revoked,
        }
    }
}

/// What all invitations of a call have in common, apart from what they offer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct InvitationTerms {
    /// The language of the mail, one that has templates. Default: the language of the organization or platform.
    pub(super) locale: Option<LocaleValue>,
    /// When it can first be accepted. Default: now.
    pub(super) valid_from: Option<DateTime<Utc>>,
    /// When it expires. Default: 30 days after `valid_from`. Fewer than 30 or more than 90 days add a warning.
    pub(super) valid_until: Option<DateTime<Utc>>,
    /// A few words to the invited person.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    pub(super) greeting: Option<String>,
    /// What it is for. The invited person never sees it.
    #[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
    pub(super) purpose: Option<String>,
    /// Additional values to save with it, by name.
    pub(super) extra: Option<BTreeMap<String, ExtraValue>>,
}

/// What may be an address.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(max_length = 254)]
pub(crate) struct EmailInput(pub(super) String);

/// An additional value saved with an invitation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 1, max_length = 500, pattern = "<lines>")]
pub(crate) struct ExtraValue(pub(super) String);

/// Who is invited to an organization, and to be what there.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"email": "sam@sunrise.example", "roles": ["rbt"], "greeting": "We look forward to working with you."}))]
pub(crate) struct CreateInvitation {
    /// The address; the account that accepts must have it.
    pub(super) email: EmailValue,
    /// Role keys, none with more rights than your own. Default: `community_member`.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) roles: Option<Vec<RoleKeyValue>>,
    /// The locations that the member may file requests for. Default: none.
    #[schema(max_items = 500)]
    pub(super) location_ids: Option<Vec<Uuid>>,
    #[serde(flatten)]
    pub(super) terms: InvitationTerms,
}

/// Many people who are invited to the same.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"emails": ["sam@sunrise.example", "ria@sunrise.example"], "roles": ["rbt"]}))]
pub(crate) struct CreateInvitationBatch {
    /// The addresses. An invalid one does not prevent the others from being invited.
    #[schema(min_items = 1, max_items = 100)]
    pub(super) emails: Vec<EmailInput>,
    /// Role keys, none with more rights than your own. Default: `community_member`.
    #[schema(min_items = 1, max_items = 20)]
    pub(super) roles: Option<Vec<RoleKeyValue>>,
    /// The locations that each person may file requests for. Default: none.
    #[schema(max_items = 500)]
    pub(super) location_ids: Option<Vec<Uuid>>,
    #[serde(flatten)]
    pub(super) terms: InvitationTerms,
}

/// Who is invited to the platform.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"email": "kim@steward.example", "platform_role": "platform_tech_support"}))]
pub(crate) struct CreatePlatformInvitation {
    /// The address; the account that accepts must have it.
    pub(super) email: EmailValue,
    /// A platform role, outside all organizations. Default: none.
    pub(super) platform_role: Option<PlatformRoleKey>,
    #[serde(flatten)]
    pub(super) terms: InvitationTerms,
}

/// Many people who are invited to the platform.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[schema(example = json!({"emails": ["kim@steward.example", "lee@steward.example"]}))]
pub(crate) struct CreatePlatformInvitationBatch {
    /// The addresses. An invalid one does not prevent the others from being invited.
    #[schema(min_items = 1, max_items = 100)]
    pub(super) emails: Vec<EmailInput>,
    /// A platform role, outside all organizations. Default: none.
    pub(super) platform_role: Option<PlatformRoleKey>,
    #[serde(flatten)]
    pub(super) terms: InvitationTerms,
}

/// A warning about an accepted, unusual value.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvitationWarning {
    UnusualValidity,
}

/// An invitation to one address.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a30", "kind": "organization", "org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "email": "sam@sunrise.example",
    "status": "pending", "roles": ["rbt"], "location_ids": [], "platform_role": null, "locale": "en",
    "valid_from": "2026-11-22T14:05:00.000000Z", "valid_until": "2026-12-22T14:05:00.000000Z", "warnings": [], "greeting": null, "purpose": null,
    "extra": {}, "inviter_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "inviter_name": "Olivia Reyes", "last_sent_at": "2026-11-22T14:05:00.000000Z",
    "mail": {"status": "sent", "attempts": 1, "last_error": null, "sent_at": "2026-11-22T14:05:01.000000Z"},
    "accepted_at": null, "accepted_by": null, "decided_at": null, "batch_id": null, "follow_up_ticket_id": null,
    "created_at": "2026-11-22T14:05:00.000000Z", "updated_at": "2026-11-22T14:05:00.000000Z"
}))]
pub(crate) struct InvitationBody {
    id: Uuid,
    kind: InvitationKind,
    /// The organization; null: the platform.
    org_id: Option<Uuid>,
    email: String,
    status: InvitationStatusKey,
    /// Role keys in the organization.
    roles: Vec<String>,
    location_ids: Vec<Uuid>,
    platform_role: Option<String>,
    locale: String,
    #[schema(value_type = DateTime<Utc>)]
    valid_from: String,
    #[schema(value_type = DateTime<Utc>)]
    valid_until: String,
    warnings: Vec<InvitationWarning>,
    greeting: Option<String>,
    purpose: Option<String>,
    extra: BTreeMap<String, String>,
    inviter_id: Uuid,
    inviter_name: String,
    #[schema(value_type = DateTime<Utc>)]
    last_sent_at: String,
    mail: Option<InvitationMail>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    accepted_at: Option<String>,
    /// The account that accepted.
    accepted_by: Option<Uuid>,
    /// When it was accepted, declined or revoked.
    #[schema(value_type = Option<DateTime<Utc>>)]
    decided_at: Option<String>,
    /// Others that were made in the same call share this.
    batch_id: Option<Uuid>,
    /// The request that was opened because the membership differed from what was offered.
    follow_up_ticket_id: Option<Uuid>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

/// The delivery state of the latest mail with the code.
#[derive(Serialize, ToSchema)]
pub(crate) struct InvitationMail {
    /// `queued`, `sent`, `bounced`, `failed` or `suppressed`, as in the mail log.
    status: String,
    /// How often sending was tried.
    attempts: i32,
    /// The last answer of the mail server if it refused the mail, or why the mail is deferred or suppressed. While the inviter is
    /// suspended it stays `queued`; it is sent within an hour after they are reactivated.
    last_error: Option<String>,
    #[schema(value_type = Option<DateTime<Utc>>)]
    sent_at: Option<String>,
}

impl From<&Delivery> for InvitationMail {
    fn from(delivery: &Delivery) -> Self {
        Self {
            status: delivery.status.as_str().to_owned(),
            attempts: delivery.attempts,
            last_error: delivery.last_error.clone(),
            sent_at: delivery.sent_at.map(instant),
        }
    }
}

/// What an invitation leads to: the platform or an organization.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvitationKind {
    Platform,
    Organization,
}

/// A digest of what depends on the time, the inviter and the mail, instead of the invitation itself.
pub(super) fn audience(found: &InvitedBy, now: DateTime<Utc>) -> String {
    let mail = found.mail.as_ref().map(|mail| (mail.status.as_str(), mail.attempts, &mail.last_error));
    let status = found.invitation.status(found.inviter_is_active, now).as_str();
    content_digest(&format!("{status}|{}|{mail:?}", found.inviter_name))
}

impl InvitationBody {
    pub(super) fn of(found: &InvitedBy, now: DateTime<Utc>) -> Self {
        let it = &found.invitation;
        let (roles, locations, platform_role) = match &it.offer {
            Offer::Platform(role) => (Vec::new(), Vec::new(), role.map(|role| role.as_str().to_owned())),
            Offer::Membership { roles, locations, .. } => (
                roles.iter().map(|key| key.as_str().to_owned()).collect(),
                locations.iter().map(|id| id.0).collect(),
                None,
            ),
        };
        let (accepted, decided_at) = match it.decision {
            None => (None, None),
            Some(Decision::Accepted(user, at)) => (Some((user, at)), Some(at)),
            Some(Decision::Declined(at) | Decision::Revoked(at)) => (None, Some(at)),
        };
        let is_unusual = is_unusual(it.valid_from, it.valid_until);
        Self {
            id: it.id.0,
            kind: match it.offer {
                Offer::Platform(_) => InvitationKind::Platform,
                Offer::Membership { .. } => InvitationKind::Organization,
            },
            org_id: it.org().map(|org| org.0),
            email: it.email.as_str().to_owned(),
            status: it.status(found.inviter_is_active, now).into(),
            roles,
            location_ids: locations,
            platform_role,
            locale: it.locale.clone(),
            valid_from: instant(it.valid_from),
            valid_until: instant(it.valid_until),
            warnings: is_unusual.then_some(InvitationWarning::UnusualValidity).into_iter().collect(),
            greeting: it.greeting.clone(),
            purpose: it.purpose.clone(),
            extra: it.extra.clone(),
            inviter_id: it.inviter.0,
            inviter_name: found.inviter_name.clone(),
            last_sent_at: instant(it.last_sent_at),
            mail: found.mail.as_ref().map(InvitationMail::from),
            accepted_at: accepted.map(|(_, at)| instant(at)),
            accepted_by: accepted.map(|(user, _)| user.0),
            decided_at: decided_at.map(instant),
            batch_id: it.batch,
            follow_up_ticket_id: it.follow_up,
            created_at: instant(it.created_at),
            updated_at: instant(it.updated_at),
        }
    }
}

/// One address of a call, its location in the body, and the terms that all addresses share.
pub(super) struct EmailAndTerms<'a> {
    pub(super) email: &'a str,
    pub(super) pointer: &'a str,
    pub(super) terms: &'a InvitationTerms,
    /// The language of the mails: that of the terms, or the default.
    pub(super) locale: &'a str,
}
