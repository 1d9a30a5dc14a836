use actix_web::get;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IfNoneMatch;

/// Reads a member
///
/// That somebody looked is kept, for the person to see.
#[utoipa::path(tag = "members", params(MemberPath, IfNoneMatch), extensions(("x-required-permission" = json!("view_members"))), responses(
    (status = 200, description = "The member.", body = MemberBody),
    (status = 304, description = "You have it already."),
))]
#[get("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn get_member(call: Call<MemberPath>) -> Reply {
    call.write(|work, input| {
        let case = work.case(input.path.user_id())?;
        work.note_look(&case, "account")?;
        work.show_member(case.account.id)
    })
    .await
}
