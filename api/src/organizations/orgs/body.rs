use application::clock::instant;
use application::context::{Context, SignedIn};
use application::problem::Problem;
use persistence::{Member, MemberFilter, Page, UserSort, UserSortKey};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::answer::content_digest;
use web::values::{JoiningMode, TicketOpeners};

/// Path parameters of an organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct OrgPath {
    /// The organization. `get_me` lists the ones you belong to.
    pub(crate) org_id: Uuid,
}

/// An organization.
#[derive(Serialize, ToSchema)]
#[schema(as = Organization, example = json!({
    "id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "name": "Sunrise Therapy", "slug": "sunrise", "is_active": true,
    "joining_mode": "invitation_only", "ticket_openers": "members", "grace_days": null,
    "admins": [{"user_id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1b", "email": "owner@sunrise.example", "name": "Olivia Reyes"}],
    "created_at": "2026-03-02T09:15:00.000000Z", "updated_at": "2026-03-02T09:15:00.000000Z"
}))]
pub(crate) struct OrgBody {
    id: Uuid,
    name: String,
    /// The short name in links; unique.
    slug: String,
    /// While false, no member can open it. The data is retained.
    is_active: bool,
    joining_mode: JoiningMode,
    ticket_openers: TicketOpeners,
    /// Days between scheduling and deletion of an account that the organization manages. Null: the platform's setting.
    grace_days: Option<i32>,
    /// Its active owners; shown to members who may see members, and to platform administrators. Else empty.
    admins: Vec<Admin>,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    #[schema(value_type = DateTime<Utc>)]
    updated_at: String,
}

/// An administrator of an organization.
#[derive(Serialize, ToSchema)]
pub(crate) struct Admin {
    pub(super) user_id: Uuid,
    pub(super) email: String,
    pub(super) name: String,
}

/// A digest of the admins shown, who change independently of the organization.
pub(super) fn audience(admins: &[Admin]) -> String {
    let shown = admins.iter().map(|a| format!("{}|{}|{}", a.user_id, a.email, a.name)).collect::<Vec<_>>();
    content_digest(&shown.join(","))
}

impl OrgBody {
    pub(super) fn of(org: &orgs::Organization, admins: Vec<Admin>) -> Self {
        Self {
            id: org.id.0,
            name: org.name.as_str().to_owned(),
            slug: org.slug.as_str().to_owned(),
            is_active: org.is_active,
            joining_mode: org.joining_mode.into(),
            ticket_openers: org.ticket_openers.into(),
            grace_days: org.grace_days,
            admins,
            created_at: instant(org.created_at),
            updated_at: instant(org.updated_at),
        }
    }
}

/// The maximum number of owners shown with their organization.
const MAX_SHOWN_ADMINS: i64 = 20;

/// The active owners of an organization.
pub(super) fn admins_of(
    ctx: &mut Context<'_, '_, SignedIn>,
    org: orgs::OrgId,
) -> Result<Vec<Admin>, Problem> {
    let owners = MemberFilter {
        role: Some(roles::SeededRole::Owner.key().to_owned()),
        is_active: Some(true),
        text: None,
    };
    let page = Page { after: None, limit: MAX_SHOWN_ADMINS };
    let sort = UserSort { key: UserSortKey::CreatedAt, is_descending: false };
    let mut owners = ctx.tx.members(org).list(&owners, sort, page)?.rows;
    // The caller's own name and address are current: a reader has claimed the membership by this request.
    for own in owners.iter_mut().filter(|owner| owner.account.id == ctx.caller.user_id()) {
        own.membership.unclaimed_identity = None;
    }
    Ok(owners.iter().map(Admin::of).collect())
}

impl Admin {
    pub(super) fn of(Member { account, membership, .. }: &Member) -> Self {
        let known = membership.shown_member(account);
        Self {
            user_id: account.id.0,
            email: known.email().as_str().into(),
            name: known.name().as_str().into(),
        }
    }
}
