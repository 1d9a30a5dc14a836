use application::clock::instant;
use application::context::{Context, SignedIn};
use application::mail::queue::OutgoingMail;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use mail::MailKind;
use orgs::{OrgId, Organization, Slug};
use persistence::{MembershipRequestFilter, NamedMembershipRequest, Page};
use roles::{
    Appeal, Membership, MembershipDecision, MembershipRequest, MembershipRequestId, MembershipRequestStatus,
};
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Path parameters of the caller's own request.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MyMembershipRequestPath {
    /// The request.
    pub(super) membership_request_id: Uuid,
}

/// Path parameters of a request to join.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MembershipRequestPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The request.
    pub(super) membership_request_id: Uuid,
}

/// The status of a request to join. `appealed`: it was denied, and another reviewer has to decide.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MembershipRequestStatus)]
pub(crate) enum MembershipRequestStatusKey {
    Pending,
    Appealed,
    Approved,
    Denied,
}

impl From<MembershipRequestStatus> for MembershipRequestStatusKey {
    fn from(status: MembershipRequestStatus) -> Self {
        match status {
            MembershipRequestStatus::Pending => Self::Pending,
            MembershipRequestStatus::Appealed => Self::Appealed,
            MembershipRequestStatus::Approved => Self::Approved,
            MembershipRequestStatus::Denied => Self::Denied,
        }
    }
}

impl From<MembershipRequestStatusKey> for MembershipRequestStatus {
    fn from(word: MembershipRequestStatusKey) -> Self {
        match word {
            MembershipRequestStatusKey::Pending => Self::Pending,
            MembershipRequestStatusKey::Appealed => Self::Appealed,
            MembershipRequestStatusKey::Approved => Self::Approved,
            MembershipRequestStatusKey::Denied => Self::Denied,
        }
    }
}

/// A request to join an organization.
#[derive(Serialize, ToSchema)]
#[schema(as = MembershipRequest, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a42", "org_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "org_name": "Meadow Community", "org_slug": "meadow",
    "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "user_name": "Riley Ortiz", "user_email": "riley@example.org", "message": "I live around the corner.",
    "status": "denied", "decision": {"is_approved": false, "reason": "We are full until spring.", "decided_by_id": null, "decided_at": "2026-11-22T14:05:00.000000Z"},
    "appeal": null, "requested_at": "2026-11-21T08:00:00.000000Z", "allowed_actions": ["appeal"]
}))]
pub(crate) struct MembershipRequestBody {
    id: Uuid,
    org_id: Uuid,
    org_name: String,
    org_slug: String,
    /// The user who wants to join.
    user_id: Uuid,
    user_name: String,
    user_email: String,
    /// The profile of the person.
    message: Option<String>,
    status: MembershipRequestStatusKey,
    /// What was decided first.
    decision: Option<MembershipDecisionBody>,
    /// The appeal and the decision on it.
    appeal: Option<MembershipAppealBody>,
    #[schema(value_type = DateTime<Utc>)]
    requested_at: String,
    /// The actions the caller may take now. Only the latest request can be appealed, and only before the person has joined.
    allowed_actions: Vec<MembershipRequestAction>,
}

/// An action that the caller may take on a request to join.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MembershipRequestAction {
    Withdraw,
    Appeal,
    Approve,
    Deny,
}

/// The decision on a request to join.
#[derive(Serialize, ToSchema)]
#[schema(as = MembershipDecision)]
pub(crate) struct MembershipDecisionBody {
    is_approved: bool,
    /// Why; the person reads it.
    reason: Option<String>,
    /// The user who decided, shown to reviewers only. Null if no decision was needed.
    decided_by_id: Option<Uuid>,
    #[schema(value_type = DateTime<Utc>)]
    decided_at: String,
}

/// The appeal of a denied request to join.
#[derive(Serialize, ToSchema)]
#[schema(as = MembershipAppeal)]
pub(crate) struct MembershipAppealBody {
    text: String,
    #[schema(value_type = DateTime<Utc>)]
    appealed_at: String,
    decision: Option<MembershipDecisionBody>,
}

/// The reader of a request to join.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// The person who asked.
    Requester,
    /// A member who may decide.
    Reviewer(UserId),
}

impl Reader {
    fn allowed(self, request: &MembershipRequest) -> Vec<MembershipRequestAction> {
        use MembershipRequestAction::{Appeal, Approve, Deny, Withdraw};
        match self {
            Self::Requester if request.withdraw().is_ok() => vec![Withdraw],
            Self::Requester if request.is_appealable() => vec![Appeal],
            Self::Reviewer(reviewer) if request.may_be_decided_by(reviewer).is_ok() => vec![Approve, Deny],
            Self::Requester | Self::Reviewer(_) => Vec::new(),
        }
    }

    fn is_reviewer(self) -> bool {
        matches!(self, Self::Reviewer(_))
    }
}

impl MembershipRequestBody {
    pub(super) fn of(named: NamedMembershipRequest, reader: Reader) -> Self {
        let NamedMembershipRequest { request, org_name, org_slug, user_name, user_email } = named;
        Self {
            id: request.id.0,
            org_id: request.org_id.0,
            org_name,
            org_slug,
            user_id: request.user_id.0,
            user_name,
            user_email,
            status: request.status().into(),
            allowed_actions: reader.allowed(&request),
            message: request.message,
            decision: request.decision.map(|decision| MembershipDecisionBody::of(decision, reader)),
            appeal: request.appeal.map(|appeal| MembershipAppealBody::of(appeal, reader)),
            requested_at: instant(request.requested_at),
        }
    }
}

impl MembershipDecisionBody {
    fn of(decision: MembershipDecision, reader: Reader) -> Self {
        Self {
            is_approved: decision.is_approved,
            reason: decision.reason,
            decided_by_id: decision.by.filter(|_| reader.is_reviewer()).map(|by| by.0),
            decided_at: instant(decision.at),
        }
    }
}

impl MembershipAppealBody {
    fn of(appeal: Appeal, reader: Reader) -> Self {
        Self {
            text: appeal.text,
            appealed_at: instant(appeal.at),
            decision: appeal.decision.map(|decision| MembershipDecisionBody::of(decision, reader)),
        }
    }
}

fn named_request<W>(
    ctx: &mut Context<'_, '_, W>,
    filter: MembershipRequestFilter,
) -> Result<NamedMembershipRequest, Problem> {
    let one = Page { after: None, limit: 1 };
    ctx.tx.membership_requests(filter, one)?.into_iter().next().ok_or_else(Problem::not_found)
}

/// The user's current status in an organization, suspended or not.
pub(super) fn joining_status<W>(
    ctx: &mut Context<'_, '_, W>,
    org: OrgId,
    user: UserId,
) -> Result<Option<Membership>, Problem> {
    Ok(ctx.tx.members(org).find(user)?.map(|member| member.membership.as_of(ctx.now)))
}

/// The latest request of the user to join an organization.
pub(super) fn last_request_to_join<W>(
    ctx: &mut Context<'_, '_, W>,
    org: OrgId,
    user: UserId,
) -> Result<Option<MembershipRequest>, Problem> {
    let own = MembershipRequestFilter { org: Some(org), user: Some(user), ..Default::default() };
    let page = Page { after: None, limit: 1 };
    Ok(ctx.tx.membership_requests(own, page)?.into_iter().next().map(|named| named.request))
}

/// The request to join this organization. Returns 404 if it does not exist.
pub(super) fn find_membership_request(
    ctx: &mut Context<'_, '_>,
    id: Uuid,
) -> Result<NamedMembershipRequest, Problem> {
    let (org, id) = (Some(ctx.caller.org_id), Some(MembershipRequestId(id)));
    named_request(ctx, MembershipRequestFilter { org, id, ..Default::default() })
}

/// Saves the decision, and notifies the person (S000-20).
pub(super) fn save_decision(ctx: &mut Context<'_, '_>, decided: &MembershipRequest) -> Result<(), Problem> {
    ctx.tx.save_membership_request(decided)?;
    let Some(account) = ctx.tx.account(decided.user_id)? else { return Ok(()) };
    let page = match decided.status() {
        MembershipRequestStatus::Approved => format!("/orgs/{}", decided.org_id.0),
        _ => format!("/membership-requests/{}", decided.id.0),
    };
    OutgoingMail::to(&account, MailKind::MembershipDecided)
        .from(decided.org_id)
        .variable("decision", decided.status().as_str())
        .variable("can_appeal", if decided.is_appealable() { "yes" } else { "" })
        .link("link", &page)
        .variable(
            "reason",
            decided.last_decision().and_then(|decision| decision.reason.clone()).unwrap_or_default(),
        )
        .queue(ctx.tx, ctx.now)?;
    Ok(())
}

/// The caller's own request. Returns 404 if it does not exist.
pub(super) fn find_my_membership_request(
    ctx: &mut Context<'_, '_, SignedIn>,
    id: Uuid,
) -> Result<NamedMembershipRequest, Problem> {
    let (user, id) = (Some(ctx.caller.user_id()), Some(MembershipRequestId(id)));
    named_request(ctx, MembershipRequestFilter { user, id, ..Default::default() })
}

/// Requires that the caller has proved their address (R18).
pub(super) fn require_proved_address(ctx: &mut Context<'_, '_, SignedIn>) -> Result<(), Problem> {
    let account = ctx.tx.account(ctx.caller.user_id())?.ok_or_else(Problem::internal)?;
    Ok(roles::require_proved(&account, false)?)
}

/// The organization with this slug. Enters it, so that events can be recorded in its log.
pub(super) fn org_to_join(ctx: &mut Context<'_, '_, SignedIn>, slug: &str) -> Result<Organization, Problem> {
    let none = || {
        let detail = "There is no organization with this slug.";
        let fault = Fault::at("#/org_slug", "not_found", detail);
        Problem::new(Code::ReferenceNotFound, detail).with_errors(vec![fault])
    };
    let slug = Slug::parse(slug).map_err(|_| none())?;
    let org = ctx.tx.org_by_slug(&slug)?.filter(|org| org.is_active).ok_or_else(none)?;
    ctx.tx.enter(org.id)?;
    Ok(org)
}
