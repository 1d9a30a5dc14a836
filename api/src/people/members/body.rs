use std::collections::BTreeSet;

use application::clock::instant;
use application::context::Context;
use application::problem::Problem;
use chrono::{DateTime, Utc};
use orgs::LocationId;
use persistence::Member;
use roles::RoleKey;
use serde::{Deserialize, Serialize};
use users::{Account, UserId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::{Answer, content_digest};
use web::values::{AccountStatusValue, RoleKeyValue, TicketReach};

use crate::people::users::SuspensionBody;

/// A digest of the account data shown, which changes independently of the membership, for example when a suspension
/// ends.
pub(super) fn audience(member: &Member) -> String {
    let account = member.membership.shown_member(&member.account).account().map(|account| account.version);
    content_digest(&format!("{account:?}|{}", member.membership.suspension.is_some()))
}

/// Path parameters of a member.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct MemberPath {
    /// The organization.
    #[expect(dead_code, reason = "read from the request itself")]
    org_id: Uuid,
    /// The member's user id.
    user_id: Uuid,
}

impl MemberPath {
    pub(super) fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }
}

/// A member of the organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Member, example = json!({
    "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "email": "rbt@sunrise.example", "name": "Riley Ortiz", "roles": ["rbt"],
    "location_ids": ["0198c1f2-b7a0-7c3f-8d5e-6f7081920a1d"], "ticket_scope": "organization", "is_active": true,
    "suspension": null, "account_status": "active", "is_address_proved": true, "locked_until": null,
    "created_at": "2026-03-02T09:15:00.000000Z", "updated_at": "2026-03-02T09:15:00.000000Z"
}))]
pub(crate) struct MemberBody {
    user_id: Uuid,
    /// While the membership is unclaimed, the address that was sent when the person was added; the same applies to `name`.
    email: String,
    name: String,
    /// Role keys.
    roles: Vec<String>,
    /// The locations that the member may file requests for.
    location_ids: Vec<Uuid>,
    ticket_scope: TicketReach,
    /// False while suspended in this organization.
    is_active: bool,
    /// Why and until when the member is suspended in this organization.
    suspension: Option<SuspensionBody>,
    /// The status of the account. Only an active one can log in. Null while the membership is unclaimed.
    account_status: Option<AccountStatusValue>,
    /// Whether the owner has used a link that went only to the mailbox of the address. Null unless this organization made the
    /// account.
    is_address_proved: Option<bool>,
    /// Until when log-ins are blocked after too many failures.
    #[schema(value_type = Option<DateTime<Utc>>)]
    locked_until: Option<String>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

impl MemberBody {
    pub(super) fn of(member: &Member, now: DateTime<Utc>) -> Self {
        let membership = member.membership.as_of(now);
        let known = membership.shown_member(&member.account);
        let account = known.account().map(|account| account.as_of(now));
        let locked_until = account.as_ref().and_then(|a| a.locked_until).filter(|until| now < *until);
        Self {
            user_id: membership.user_id.0,
            email: known.email().as_str().to_owned(),
            name: known.name().as_str().to_owned(),
            roles: membership.roles.iter().map(|r| r.as_str().to_owned()).collect(),
            location_ids: membership.locations.iter().map(|l| l.0).collect(),
            ticket_scope: membership.reach.into(),
            is_active: membership.is_active(),
            suspension: membership.suspension.as_ref().map(Into::into),
            is_address_proved: account.as_ref().filter(|_| member.is_home).map(Account::is_address_proved),
            account_status: account.map(|account| account.status.into()),
            locked_until: locked_until.map(instant),
            created_at: instant(membership.created_at),
            updated_at: instant(membership.updated_at),
        }
    }
}

/// The role keys of a request. The domain checks whether the organization has them.
pub(crate) fn role_keys(sent: &[RoleKeyValue]) -> Result<BTreeSet<RoleKey>, Problem> {
    let unknown = || Problem::no_such_reference("#/roles", "role");
    sent.iter().map(|key| RoleKey::parse(&key.0).ok_or_else(unknown)).collect()
}

/// The locations of a request. Fails unless the organization has all of them.
pub(crate) fn find_locations(
    ctx: &mut Context<'_, '_>,
    sent: &[Uuid],
) -> Result<BTreeSet<LocationId>, Problem> {
    let ids: BTreeSet<LocationId> = sent.iter().copied().map(LocationId).collect();
    let found = ctx.tx.locations(ctx.caller.org_id).among(&ids.iter().copied().collect::<Vec<_>>())?;
    if found.len() == ids.len() {
        Ok(ids)
    } else {
        Err(Problem::no_such_reference("#/location_ids", "location"))
    }
}

/// The current state of the member.
pub(super) fn show_member(ctx: &mut Context<'_, '_>, user: UserId) -> Result<Answer, Problem> {
    let member = find_member(ctx, user)?;
    let body = MemberBody::of(&member, ctx.now);
    Ok(Answer::ok(&body)?.tagged(member.membership.version, &audience(&member)))
}

/// The member. Returns 404 if the user is not a member.
pub(crate) fn find_member(ctx: &mut Context<'_, '_>, user: UserId) -> Result<Member, Problem> {
    ctx.tx.members(ctx.caller.org_id).find(user)?.ok_or_else(Problem::not_found)
}
