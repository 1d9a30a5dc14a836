use crate::people::view_as_token::ViewAsToken;
use actix_web::post;
use application::members::view_as::start_viewing;
use web::answer::Answer;
use web::call::{Call, Reply};

use super::body::MemberPath;
use crate::people::reason::ReasonBody;

/// Starts a view-as session for a member
///
/// For staff who help a member by seeing what the member sees. The token reads in this organization what the member reads,
/// at the operations marked `x-open-to-viewing-as`: it changes nothing, and opens neither the member's account nor secrets. It is good for a
/// quarter of an hour, is not refreshed, and ends with the session, the rights or the membership behind it. The answers
/// name the member in the header `Viewing-As`, and are never 304. Holders of this permission can read the requests of everyone who has no more
/// rights than they. Each use is recorded with its reason, and the member can read it. Requires
/// `view_members` as well. A member with more rights than the caller cannot be viewed as, and staff limited to some locations
/// can view as no one. Returns 403 `member_cannot_log_in` for a member who cannot log in, and
/// 403 `membership_unclaimed` while the membership is unclaimed.
#[utoipa::path(tag = "members", params(MemberPath), request_body = ReasonBody, extensions(("x-required-permission" = json!("view_as_members")),
        ("x-problem-codes" = json!(["member_cannot_log_in", "membership_unclaimed"]))),
    responses((status = 200, description = "The token, shown only here.", body = ViewAsToken)))]
#[post("/orgs/{org_id}/members/{user_id}/view-as")]
pub(super) async fn view_as_member(call: Call<MemberPath, (), ReasonBody>) -> Reply {
    call.write(|ctx, input| {
        let member = input.path.user_id();
        let access_token = start_viewing(ctx, member, &input.body.reason)?;
        Answer::ok(&ViewAsToken::new(access_token, member))
    })
    .await
}
