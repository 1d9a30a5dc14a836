use actix_web::get;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;

use super::body::{MemberBody, MemberPath, find_member, show_member};
use crate::accounts::access_log::reading::{AccessKind, PurposeQuery, record_people_shown};

/// Reads a member
///
/// Reading is recorded once a day per purpose, and the person can see it.
#[utoipa::path(tag = "members", params(MemberPath, PurposeQuery, IfNoneMatch), extensions(("x-required-permission" = json!("view_members"))), responses(
    (status = 200, description = "The member.", body = MemberBody),
    (status = 304, description = "Not modified."),
))]
#[get("/orgs/{org_id}/members/{user_id}")]
pub(super) async fn get_member(call: Call<MemberPath, PurposeQuery>) -> Reply {
    call.write(|ctx, input| {
        let user = find_member(ctx, input.path.user_id())?.account.id;
        record_people_shown(
            ctx,
            Some(ctx.caller.org_id),
            AccessKind::Account,
            input.query.purpose.as_deref(),
            &[user],
        )?;
        show_member(ctx, user)
    })
    .await
}
