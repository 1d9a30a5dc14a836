use actix_web::get;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IfNoneMatch;

/// Reads a member
#[utoipa::path(tag = "members", params(MemberPath, IfNoneMatch), extensions(("x-required-permission" = json!("view_members"))), responses(
    (status = 200, description = "The member.", body = MemberBody),
    (status = 304, description = "You have it already."),
))]
#[get("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn get_member(call: Call<MemberPath>) -> Reply {
    call.read(|work, input| work.show_member(input.path.user_id())).await
}
