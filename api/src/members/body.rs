use std::collections::BTreeSet;

use orgs::LocationId;
use persistence::Member;
use roles::{MembershipRefused, RoleKey};
use serde::{Deserialize, Serialize};
use users::UserId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::accounts::setup_link::SetupLink;
use crate::answer::mark;
use crate::problem::{Code, Fault, Problem, sentence};
use crate::words::{RoleKeyWord, TicketReach, instant};
use crate::work::Work;

/// A mark of what is shown of the person, which changes apart from the membership.
pub(super) fn audience(member: &Member) -> String {
    mark(&format!("{}|{}", member.account.email.as_str(), member.account.name.as_str()))
}

/// Which member.
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

/// Somebody who belongs to the organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Member, example = json!({
    "user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "email": "rbt@sunrise.example", "name": "Riley Ortiz", "roles": ["rbt"],
    "location_ids": ["0198c1f2-b7a0-7c3f-8d5e-6f7081920a1d"], "ticket_scope": "organization", "is_active": true,
    "created_at": "2026-03-02T09:15:00.000000Z", "updated_at": "2026-03-02T09:15:00.000000Z"
}))]
pub(crate) struct MemberBody {
    user_id: Uuid,
    email: String,
    name: String,
    /// Role keys.
    roles: Vec<String>,
    /// The locations that the member may file requests for.
    location_ids: Vec<Uuid>,
    ticket_scope: TicketReach,
    /// False while suspended in this organization.
    is_active: bool,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

/// A new member, and how the person gets in.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewMember {
    #[serde(flatten)]
    member: MemberBody,
    /// The one-time link for the person; null when the address has an account already.
    account_setup: Option<SetupLink>,
}

impl NewMember {
    pub(super) fn of(member: &Member, account_setup: Option<SetupLink>) -> Self {
        Self { member: member.into(), account_setup }
    }
}

impl From<&Member> for MemberBody {
    fn from(member: &Member) -> Self {
        let Member { account, membership } = member;
        Self {
            user_id: account.id.0,
            email: account.email.as_str().to_owned(),
            name: account.name.as_str().to_owned(),
            roles: membership.roles.iter().map(|r| r.as_str().to_owned()).collect(),
            location_ids: membership.locations.iter().map(|l| l.0).collect(),
            ticket_scope: membership.reach.into(),
            is_active: membership.is_active,
            created_at: instant(membership.created_at),
            updated_at: instant(membership.updated_at),
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
            MembershipRefused::AboveOwnGrants => Self::new(Code::Forbidden, detail),
            MembershipRefused::LastOwner => Self::new(Code::LastOwner, detail),
        }
    }
}

impl Work<'_, '_> {
    /// Role keys as sent; the domain tells whether the organization has them.
    pub(super) fn role_keys(sent: &[RoleKeyWord]) -> Result<BTreeSet<RoleKey>, Problem> {
        let unknown = || Problem::no_such_reference("#/roles", "role");
        sent.iter().map(|key| RoleKey::parse(&key.0).ok_or_else(unknown)).collect()
    }

    /// Locations as sent, all of which the organization has.
    pub(super) fn known_locations(&mut self, sent: &[Uuid]) -> Result<BTreeSet<LocationId>, Problem> {
        let ids: BTreeSet<LocationId> = sent.iter().copied().map(LocationId).collect();
        let found = self.tx.locations(self.who.org_id).among(&ids.iter().copied().collect::<Vec<_>>())?;
        if found.len() == ids.len() {
            Ok(ids)
        } else {
            Err(Problem::no_such_reference("#/location_ids", "location"))
        }
    }

    /// The member, or 404.
    pub(super) fn member(&mut self, user: UserId) -> Result<Member, Problem> {
        self.tx.members(self.who.org_id).find(user)?.ok_or_else(Problem::not_found)
    }
}
