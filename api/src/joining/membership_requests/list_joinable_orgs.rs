use actix_web::get;
use orgs::{OrgId, Organization};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use web::call::{AccountScope, Call, Reply};
use web::paging::{PageQuery, Total};
use web::values::{JoiningMode, TicketOpeners};

/// An organization that can be joined, as a member or as a guest, without an invitation.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"id": "0198c1f2-b7a0-7c3f-8d5e-6f7081920a1c", "name": "Meadow Community", "slug": "meadow", "joining_mode": "by_request", "ticket_openers": "members"}))]
pub(crate) struct JoinableOrg {
    id: Uuid,
    name: String,
    slug: String,
    joining_mode: JoiningMode,
    ticket_openers: TicketOpeners,
}

impl From<&Organization> for JoinableOrg {
    fn from(org: &Organization) -> Self {
        Self {
            id: org.id.0,
            name: org.name.as_str().to_owned(),
            slug: org.slug.as_str().to_owned(),
            joining_mode: org.joining_mode.into(),
            ticket_openers: org.ticket_openers.into(),
        }
    }
}

/// A page of organizations.
#[derive(Serialize, ToSchema)]
pub(crate) struct JoinableOrgPage {
    data: Vec<JoinableOrg>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists organizations that can be joined without an invitation
///
/// Lists those that are open, that are joined by request, or whose guests open requests. Others are not listed.
///
/// A request scans up to 5,000 organizations in the order of the list. Where few of them can be joined, a page may be shorter than
/// `limit`, even empty, while `next_cursor` is not null. Null is the only sign of the end.
#[utoipa::path(tag = "membership_requests", params(PageQuery), responses((status = 200, description = "A page of organizations, oldest first.", body = JoinableOrgPage)))]
#[get("/joinable-orgs")]
pub(super) async fn list_joinable_orgs(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Platform, |ctx, input| {
        let page = input.meta.list.page_of(|at| at.parse().ok().map(OrgId))?;
        let found = ctx.tx.joinable_orgs(page)?;
        let scanned_until = found.scanned_until.map(|org| org.0.to_string());
        input.meta.list.page_until(
            &page,
            found.rows,
            scanned_until,
            |org| org.id.0.to_string(),
            |rows, next_cursor| {
                let data = rows.iter().map(JoinableOrg::from).collect();
                Ok(JoinableOrgPage { data, next_cursor, total: None })
            },
        )
    })
    .await
}
