use actix_web::get;

use super::body::{MemberBody, MemberPath};
use crate::call::{Call, Reply};
use crate::openapi::IfNoneMatch;
use crate::people::{AccessKind, PurposeQuery};

/// Reads a member
///
/// Reading is recorded once a day per purpose, and the person can see it.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery, IfNoneMatch), extensions(("x-required-permission" = json!("view_members"))), responses(
    (status = 200, description = "The member.", body = MemberBody),
    (status = 304, description = "You have it already."),
))]
#[get("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn get_member(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let user = ctx.member(input.path.user_id())?.account.id;
        ctx.record_people_shown(
            Some(ctx.caller.org_id),
            AccessKind::Account,
            input.query.purpose.as_deref(),
            &[user],
        )?;
        ctx.show_member(user)
    })
    .await
}
