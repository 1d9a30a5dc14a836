use actix_web::post;
use persistence::{Page, PermissionRequestFilter};
use roles::{PermissionRequest, PermissionRequestId, RoleKey, Wanted};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::PermissionRequestBody;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::openapi::IdempotencyKey;
use crate::orgs::OrgPath;
use crate::problem::{Code, Fault, Problem};
use crate::roles::PermissionKey;
use crate::waiting::{Matter, Waiting, tell_members};
use crate::words::RoleKeyWord;
use crate::work::{Work, new_id};

/// What somebody wants to be, or to be allowed, and why.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"wanted_role": "manager", "justification": "I take over nights."}))]
pub(crate) struct CreatePermissionRequest {
    /// The key of a role; this or `wanted_permission`.
    wanted_role: Option<RoleKeyWord>,
    /// A permission, by whichever role the reviewer finds right.
    wanted_permission: Option<PermissionKey>,
    /// The locations that the wish is for; those that one has unless told. They come with the role.
    #[schema(max_items = 100)]
    location_ids: Option<Vec<Uuid>>,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = "<lines>")]
    justification: String,
}

/// Asks for a role or a permission
///
/// For every member. The same wish waits once at a time, and what one has already can't be asked for.
#[utoipa::path(tag = "permission_requests", params(OrgPath, IdempotencyKey), request_body = CreatePermissionRequest,
    responses((status = 201, description = "It waits for somebody to decide.", body = PermissionRequestBody)))]
#[post("/orgs/{org_id}/permission-requests")]
pub(super) async fn create_permission_request(call: Call<OrgPath, (), CreatePermissionRequest>) -> Reply {
    call.write(|work, input| {
        let org = work.who.org_id;
        // Of two equal wishes at once, the second finds the first.
        work.tx.members(org).one_at_a_time()?;
        let wanted = work.wanted(&input.body)?;
        let locations = work.known_locations(input.body.location_ids.as_deref().unwrap_or_default())?;
        let held = work.member(work.who.user_id)?.membership.roles;
        work.require_new_wish(&wanted)?;
        let id = PermissionRequestId(new_id());
        let why = input.body.justification.clone();
        let (request, event) =
            PermissionRequest::ask(id, &work.who, &held, (wanted, locations), why, work.now)?;
        work.tx.add_permission_request(org, &request)?;
        work.record(event);
        let waiting = Waiting { matter: Matter::PermissionRequest, id: id.0, org: Some(org) };
        tell_members(work.tx, waiting, work.now)?;
        let place = format!("/api/v1/orgs/{}/permission-requests/{}", org.0, id.0);
        Answer::created(place, &PermissionRequestBody::of(&request, work.is_reviewer()))
    })
    .await
}

impl Work<'_, '_> {
    fn wanted(&mut self, sent: &CreatePermissionRequest) -> Result<Wanted, Problem> {
        match (&sent.wanted_role, &sent.wanted_permission) {
            (Some(RoleKeyWord(word)), None) => {
                let known = self.tx.roles(self.who.org_id).all()?;
                let key = RoleKey::parse(word).filter(|key| known.iter().any(|role| role.key == *key));
                key.map(Wanted::Role).ok_or_else(|| Problem::no_such_reference("#/wanted_role", "role"))
            }
            (None, Some(permission)) => Ok(Wanted::Permission(permission.0)),
            _ => Err(Problem::rule("#/wanted_role", &"name a role or a permission, and not both")),
        }
    }

    /// The same wish waits once at a time (S000-17).
    fn require_new_wish(&mut self, wanted: &Wanted) -> Result<(), Problem> {
        let (org, user) = (self.who.org_id, self.who.user_id);
        let filter = PermissionRequestFilter { user: Some(user), is_decided: Some(false) };
        let open = self.tx.permission_requests(org, filter, Page { after: None, limit: 99 })?;
        if open.iter().all(|request| request.wanted != *wanted) {
            return Ok(());
        }
        let fault = Fault::at("#/wanted_role", "already_exists", "You have asked for this already.");
        Err(Problem::new(Code::AlreadyExists, "You have asked for this already.").with_errors(vec![fault]))
    }
}
