use actix_web::post;

use super::body::MemberPath;
use crate::answer::Answer;
use crate::call::{Call, Reply};
use crate::people::{ViewAsToken, WithReason};

/// Starts a view-as session for a member
///
/// For whoever has to see what somebody else sees, to help him. The token reads in this organization what the member reads,
/// at the operations marked `x-open-to-viewing-as`: it changes nothing, and opens neither his account nor what is secret. It is good for a
/// quarter of an hour, is not refreshed, and ends with the session, the rights or the membership behind it. The answers
/// name the member in the header `Viewing-As`, and are never 304. Whoever may do this reads the requests of everybody who has no more
/// rights than he. That somebody looked, and why, is kept, for the member to read. Needs
/// `view_members` as well. Nobody looks with the eyes of somebody who has more rights than his own, and staff of some locations
/// with nobody's. Of a member who does not get in it is 403 `member_shut_out`, and
/// of somebody who was added and has not come yet 403 `person_not_here_yet`.
#[utoipa::path(tag = "members", params(MemberPath), request_body = WithReason, extensions(("x-required-permission" = json!("view_as_members"))),
    responses((status = 200, description = "The token, shown only here.", body = ViewAsToken)))]
#[post("/orgs/{org_id}/members/{user_id}/view-as")]
pub(super) async fn view_as_member(call: Call<MemberPath, (), WithReason>) -> Reply {
    call.write(|ctx, input| Answer::ok(&ctx.view_as(input.path.user_id(), &input.body.reason)?)).await
}
